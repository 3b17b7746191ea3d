"""Any tracker of boxes behind a detector or stored detections."""

from __future__ import annotations

import copy

import pytest
import torch
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import nn

from vsd_mot.apis import Abilities

TRACKERS = {
    'ByteTrack': dict(
        motion=dict(type='KalmanFilter'), tracker=dict(type='ByteTracker', init_track_thr=0.5)
    ),
    'SORT': dict(
        motion=dict(type='KalmanFilter'),
        tracker=dict(type='SORTTracker', reid=None, obj_score_thr=0.5),
    ),
    'OC-SORT': dict(tracker=dict(type='RoboflowTracker', name='ocsort')),
}


class FixedDetector(nn.Module):
    """Finds the same two boxes in every frame, and one without area."""

    def predict(self, img, data_samples):
        (sample,) = copy.deepcopy(data_samples)
        sample.pred_instances = InstanceData(
            bboxes=torch.tensor([[10.0, 10, 30, 70], [60, 10, 80, 70], [5, 5, 5, 40]]),
            scores=torch.tensor([0.9, 0.8, 0.9]),
            labels=torch.zeros(3, dtype=torch.long),
        )
        return [sample]


def model_of(name, detector=True):
    model = MODELS.build(copy.deepcopy(dict(type='BoxTracker', **TRACKERS[name])))
    if detector:
        model.detector = FixedDetector()
    return model


def run(model, frames, proposals=None):
    results = []
    for frame in range(frames):
        sample = TrackDataSample(
            metainfo=dict(
                frame_id=frame, img_path='f.jpg', img_shape=(50, 100), ori_shape=(100, 200)
            )
        )
        if proposals is not None:
            sample.proposals = copy.deepcopy(proposals)
        results += model.predict(dict(img=torch.zeros(1, 1, 3, 64, 128)), [sample])
    return results


@pytest.mark.parametrize('name', TRACKERS)
def test_stored_boxes_do_what_the_detectors_do(name):
    # In pixels of the network's input, half of the frame.
    stored = InstanceData(
        bboxes=torch.tensor([[5.0, 5, 15, 35], [30, 5, 40, 35], [2, 2, 2, 20]]),
        scores=torch.tensor([0.9, 0.8, 0.9]),
    )
    detected = run(model_of(name), 5)
    brought = run(model_of(name, detector=False), 5, stored)
    for one, other in zip(detected, brought):
        for field in ('bboxes', 'scores', 'labels', 'instances_id'):
            assert torch.equal(one.pred_track_instances[field], other.pred_track_instances[field])
    assert sorted(detected[-1].pred_track_instances.instances_id.tolist()) == [0, 1]
    # What is brought counts where there is a detector, too.
    nobody = InstanceData(bboxes=torch.zeros(0, 4), scores=torch.zeros(0))
    assert len(run(model_of(name), 3, nobody)[-1].pred_track_instances) == 0


def test_abilities_follow_the_detector():
    assert Abilities.of(model_of('OC-SORT')) == Abilities(takes_proposals=True, keeps_labels=True)
    assert Abilities.of(model_of('OC-SORT', detector=False)).needs_proposals


def test_neither_detector_nor_boxes_is_an_error():
    with pytest.raises(ValueError, match=r'f\.jpg: no proposals and no detector'):
        run(model_of('SORT', detector=False), 1)
