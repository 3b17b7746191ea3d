"""The result of a frame: its fields, their types, and what is refused."""

import numpy as np
import pytest
import supervision as sv
import torch
from mmengine.structures import InstanceData

from class_tracks import CLASSES, TRACKS, frame_result
from vsd_mot.errors import TrackingError
from vsd_mot.video.results import (
    FrameResult,
    instances_on_cpu,
    names_up_to,
    semantics_as_floats,
)


def test_fields_come_in_fixed_types_and_missing_ones_are_filled():
    tracks = InstanceData(
        bboxes=torch.tensor([[1, 2, 3, 4]], dtype=torch.float64, requires_grad=True),
        masks=torch.ones(1, 4, 4, dtype=torch.uint8),
        other=torch.zeros(1),
    )
    found = instances_on_cpu(tracks, 1)
    assert found.bboxes.dtype == torch.float32
    assert not found.bboxes.requires_grad
    assert (found.scores.tolist(), found.labels.tolist(), found.instances_id.tolist()) == (
        [1], [0], [-1],
    )  # fmt: skip
    assert found.masks.dtype == torch.bool
    assert 'other' not in found
    assert instances_on_cpu(None, 1).bboxes.shape == (0, 4)


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_values_that_are_not_finite_are_refused(value):
    for field in ('bboxes', 'scores'):
        tracks = InstanceData(bboxes=torch.zeros(1, 4), scores=torch.zeros(1))
        tracks[field].fill_(value)
        with pytest.raises(TrackingError, match='frame 7: the model returned boxes or scores'):
            instances_on_cpu(tracks, 7)


def test_numbers_of_frames_begin_at_one():
    nobody = instances_on_cpu(None, 1)
    assert FrameResult(4, None, nobody).number == 5
    result = FrameResult(4, None, nobody, number=9, semantics=dict(quality=0.5))
    assert (result.number, result.quality, result.semantic_weight) == (9, 0.5, None)
    assert len(result) == 0
    assert result.masks is None
    assert result.ids.shape == (0,)


def test_known_values_of_the_semantics_become_floats():
    semantics = dict(quality=torch.tensor(0.25), noise=None, other=3)
    assert semantics_as_floats(semantics) == dict(quality=0.25)
    assert semantics_as_floats(None) == {}


def test_supervision_takes_the_tracks():
    result = frame_result(3, TRACKS[0], damage='frozen')
    result.pred_track_instances.masks = torch.ones(2, 80, 100, dtype=torch.bool)
    detections = result.to_supervision()
    assert np.array_equal(detections.xyxy, result.boxes)
    assert detections.tracker_id.tolist() == [7, 9]
    assert detections.class_id.tolist() == [0, 1]
    assert detections.data['class_name'].tolist() == ['person', 'car']
    assert detections.mask.shape == (2, 80, 100)
    assert (detections.metadata['frame'], detections.metadata['damage']) == (4, 'frozen')
    people = detections[detections.class_id == 0]
    assert people.tracker_id.tolist() == [7]
    picture = sv.BoxAnnotator().annotate(result.image.copy(), people)
    assert picture.any()
    assert len(frame_result(0, []).to_supervision()) == 0


def test_names_and_sizes():
    result = frame_result(0, [(1, 4, (0, 0, 9, 9))])
    assert result.class_names == ['class_4']
    assert (result.size, frame_result(0, [], size=None).size) == ((100, 80), None)
    assert names_up_to(CLASSES, 2) == (*CLASSES, 'class_2')
    assert (result.visibility.tolist(), result.ignored.tolist()) == ([1], [False])
