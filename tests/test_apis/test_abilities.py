"""A tracker of one's own gets windows and proposals by declaring that it takes them."""

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.structures import InstanceData
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS

from api_samples import PIPELINE, detections_of
from bright_box_tracker import moving_boxes, true_boxes
from tracking_samples import build_tracker
from vsd_mot.apis import Abilities, init_tracker, track_video
from vsd_mot.errors import ProposalError

LENGTH = 7


@MODELS.register_module()
class RankTracker(BaseMultiObjectTracker):
    """Reports each proposal, its rank in the frame as identity; knows nothing of MOTRv2."""

    takes_proposals = True
    encodes_windows = True

    def __init__(self, makes_proposals=False, data_preprocessor=None, init_cfg=None):
        super().__init__(data_preprocessor, init_cfg)
        self.makes_proposals = makes_proposals
        self.shift = torch.nn.Parameter(torch.zeros(1))
        self.windows = []

    @property
    def needs_proposals(self):
        return not self.makes_proposals

    def loss(self, inputs, data_samples, **kwargs):
        """Not trained."""
        return {}

    def predict(self, inputs, data_samples, **kwargs):
        """Track through a window of frames."""
        assert inputs['img'].shape[:2] == (len(data_samples), 1)
        self.windows.append([sample.frame_id for sample in data_samples])
        for sample in data_samples:
            height, width = sample.ori_shape
            boxes, scores = torch.zeros(0, 4), torch.zeros(0)
            if 'proposals' in sample:
                boxes, scores = sample.proposals.bboxes, sample.proposals.scores
            scale = torch.tensor([width, height] * 2) / torch.tensor(sample.img_shape[::-1] * 2)
            sample.pred_track_instances = InstanceData(
                bboxes=boxes * scale + self.shift,
                scores=scores,
                labels=torch.zeros(len(boxes), dtype=torch.long),
                instances_id=torch.arange(len(boxes)),
            )
        return data_samples


class PlainTracker(BaseMultiObjectTracker):
    """Declares no ability."""

    def loss(self, inputs, data_samples, **kwargs):
        """Not trained."""
        return {}

    def predict(self, inputs, data_samples, **kwargs):
        """Track nobody."""
        return data_samples


def own_config(**changes) -> Config:
    return Config(
        dict(
            default_scope='mmtrack',
            model=dict(
                type='RankTracker',
                data_preprocessor=dict(type='ClipDataPreprocessor'),
                **changes,
            ),
            test_dataloader=dict(
                dataset=dict(metainfo=dict(CLASSES=('walker',)), pipeline=PIPELINE)
            ),
        )
    )


@pytest.fixture
def own_tracker(tmp_path):
    torch.save({'state_dict': {'shift': torch.full((1,), 2.0)}}, tmp_path / 'own.pth')
    return init_tracker(own_config(), tmp_path / 'own.pth', device='cpu')


def test_a_tracker_of_ones_own_gets_windows_and_proposals(own_tracker):
    assert own_tracker.abilities == Abilities(
        takes_proposals=True, needs_proposals=True, encodes_windows=True
    )
    detections = detections_of(LENGTH)
    results = list(track_video(own_tracker, moving_boxes(LENGTH), window=3, proposals=detections))
    assert own_tracker.model.windows == [[0, 1, 2], [3, 4, 5], [6]]
    assert own_tracker.classes == ('walker',)
    for index, result in enumerate(results):
        expected = np.array(list(true_boxes(index).values())) + 2
        np.testing.assert_allclose(result.boxes, expected, atol=0.02)
        assert result.ids.tolist() == [0, 1]
        np.testing.assert_allclose(result.scores, detections[index][1])


def test_it_gets_detections_of_a_file_too(own_tracker, tmp_path):
    (tmp_path / 'det.txt').write_text('2,-1,10,20,30,40,0.7\n')
    results = list(
        track_video(own_tracker, moving_boxes(3), window=2, proposals=tmp_path / 'det.txt')
    )
    assert [len(result) for result in results] == [0, 1, 0]
    np.testing.assert_allclose(results[1].boxes, [[12, 22, 42, 62]], atol=0.02)


def test_needed_proposals_are_asked_for_before_tracking(own_tracker):
    with pytest.raises(ProposalError, match=r'RankTracker tracks from detections.*give proposals'):
        track_video(own_tracker, moving_boxes(2))


@pytest.mark.filterwarnings('ignore:no checkpoint was given')
def test_a_tracker_that_makes_its_proposals_needs_none():
    tracker = init_tracker(own_config(makes_proposals=True), device='cpu')
    assert tracker.abilities == Abilities(takes_proposals=True, encodes_windows=True)
    assert [len(result) for result in track_video(tracker, moving_boxes(2), window=2)] == [0, 0]
    assert tracker.model.windows == [[0, 1]]


def test_what_a_model_does_not_declare_it_cannot_do():
    assert Abilities.of(PlainTracker()) == Abilities()


def test_the_trackers_of_this_package_declare_theirs():
    model = build_tracker()
    assert Abilities.of(model) == Abilities(
        takes_proposals=True, needs_proposals=True, encodes_windows=True, joins_cameras=True
    )
    model.detector = torch.nn.Identity()
    assert not Abilities.of(model).needs_proposals
