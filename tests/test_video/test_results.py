"""The result of a frame: its fields, their types, and what is refused."""

import pytest
import torch
from mmengine.structures import InstanceData

from vsd_mot.errors import TrackingError
from vsd_mot.video.results import FrameResult, instances_on_cpu, semantics_as_floats


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
