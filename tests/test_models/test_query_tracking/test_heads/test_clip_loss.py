"""Losses of a frame: who is matched, what they sum, and the queries after them."""

import pytest
import torch
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS

from vsd_mot.models.frames import FrameObjects
from vsd_mot.models.query_tracking.queries import QuerySet
from vsd_mot.models.query_tracking.transformer import DecoderOutput

BOXES = torch.tensor([[0.2, 0.2, 0.1, 0.2], [0.5, 0.5, 0.1, 0.2]])
OBJECTS = FrameObjects(BOXES, torch.zeros(2, dtype=torch.long), torch.tensor([5, 9]))


@pytest.fixture
def loss():
    init_default_scope('mmtrack')
    costs = [
        dict(type='mmdet.FocalLossCost', weight=2.0),
        dict(type='mmdet.BBoxL1Cost', weight=5.0, box_format='xywh'),
        dict(type='mmdet.IoUCost', weight=2.0, iou_mode='giou'),
    ]
    assigner = dict(type='mmdet.HungarianAssigner', match_costs=costs)
    return MODELS.build(
        dict(
            type='ClipLoss',
            matcher=dict(type='IdentityAwareMatcher', assigner=assigner),
            loss_cls=dict(type='mmdet.FocalLoss', use_sigmoid=True, loss_weight=1.0),
            loss_bbox=dict(type='mmdet.L1Loss', loss_weight=5.0),
            loss_iou=dict(type='mmdet.GIoULoss', loss_weight=2.0),
        )
    )


def frame(boxes, ids):
    """Predictions of two layers that say the same, and the queries they are of."""
    logits = torch.zeros(2, len(boxes), 1)
    queries = QuerySet.fresh(boxes, torch.zeros(len(boxes), 4))
    output = DecoderOutput(torch.zeros(len(boxes), 4), logits, boxes.expand(2, -1, -1))
    return output, queries.replace(track_ids=torch.tensor(ids))


def test_perfect_boxes_cost_nothing_and_shifted_ones_their_distance(loss):
    shift = torch.tensor([0.01, 0.0, 0.0, 0.0])
    for boxes, distance in ((BOXES, 0.0), (BOXES + shift, 2 * 0.01)):
        losses, _, _ = loss(*frame(boxes, [5, 9]), OBJECTS)
        assert set(losses) == {
            f'{prefix}loss_{name}' for prefix in ('', 'd0.') for name in ('cls', 'bbox', 'iou')
        }
        assert losses['loss_bbox'].item() == pytest.approx(5 * distance, abs=1e-5)
        assert losses['d0.loss_bbox'].item() == pytest.approx(5 * distance, abs=1e-5)


def test_tracks_keep_their_objects_and_new_ones_get_identities(loss):
    boxes = torch.cat((BOXES[1:], BOXES[:1] + 0.3, BOXES[1:] + 0.01))
    losses, queries, matches = loss(*frame(boxes, [-1, 5, -1]), OBJECTS)
    # Query 1 is track 5 wherever it is; the better of the others starts track 9.
    assert queries.track_ids.tolist() == [9, 5, -1]
    assert len(matches) == 2
    assert queries.ious[0] == pytest.approx(1)
    assert queries.ious[1] < 0.5
    assert queries.scores.tolist() == [0.5, 0.5, 0.5]
    assert losses['loss_bbox'] > 0


def test_denoising_is_a_mean_over_its_groups(loss):
    boxes = (BOXES + 0.02).repeat(3, 1)
    output, _ = frame(boxes, [-1] * 6)
    losses = loss.denoising(output, OBJECTS)
    assert set(losses) == {f'dn.{p}loss_{n}' for p in ('', 'd0.') for n in ('bbox', 'iou')}
    one, _ = frame(BOXES + 0.02, [-1] * 2)
    for name, value in loss.denoising(one, OBJECTS).items():
        torch.testing.assert_close(losses[name], value)


def test_nobody_in_the_frame_is_a_loss_without_boxes(loss):
    nobody = FrameObjects(BOXES[:0], torch.zeros(0, dtype=torch.long), torch.zeros(0).long())
    output, queries = frame(BOXES, [-1, 7])
    losses, after, _ = loss(output, queries, nobody)
    assert losses['loss_bbox'] == losses['loss_iou'] == 0
    assert losses['loss_cls'] > 0
    assert after.track_ids.tolist() == [-1, 7]
    assert sum(loss.denoising(frame(BOXES[:0], [])[0], nobody).values()) == 0


def test_the_divisor_is_the_number_of_objects_and_at_least_one(loss):
    assert loss.num_objects(7, torch.device('cpu')) == 7
    assert loss.num_objects(0, torch.device('cpu')) == 1
