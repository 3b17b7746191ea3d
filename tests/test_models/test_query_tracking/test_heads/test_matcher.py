import pytest
import torch
from mmengine.registry import init_default_scope
from mmtrack.registry import TASK_UTILS

from vsd_mot.models.frames import FrameObjects
from vsd_mot.models.query_tracking.heads import Match


@pytest.fixture
def matcher():
    init_default_scope('mmtrack')
    return TASK_UTILS.build(
        dict(
            type='IdentityAwareMatcher',
            assigner=dict(
                type='mmdet.HungarianAssigner',
                match_costs=[
                    dict(type='mmdet.FocalLossCost', weight=2.0),
                    dict(type='mmdet.BBoxL1Cost', weight=5.0, box_format='xywh'),
                    dict(type='mmdet.IoUCost', weight=2.0, iou_mode='giou'),
                ],
            ),
        )
    )


def objects(boxes: torch.Tensor, ids: list[int]) -> FrameObjects:
    return FrameObjects(boxes, torch.zeros(len(ids), dtype=torch.long), torch.tensor(ids).long())


def pairs(match: Match) -> set[tuple[int, int]]:
    return set(zip(match.queries.tolist(), match.objects.tolist()))


BOXES = torch.tensor([[0.2, 0.2, 0.1, 0.2], [0.5, 0.5, 0.1, 0.2], [0.8, 0.8, 0.1, 0.2]])


def test_a_track_answers_for_its_object_wherever_its_box_is(matcher):
    inherited = matcher.inherited(torch.tensor([-1, 9, 5]), objects(BOXES[:2], [5, 9]))
    assert pairs(inherited) == {(1, 1), (2, 0)}


def test_a_track_whose_object_is_gone_answers_for_nothing(matcher):
    inherited = matcher.inherited(torch.tensor([4, 9]), objects(BOXES[:1], [9]))
    assert pairs(inherited) == {(0, -1), (1, 0)}
    assert pairs(inherited.with_object()) == {(1, 0)}


def test_only_open_objects_are_matched_to_free_queries(matcher):
    ground_truth = objects(BOXES, [5, 6, 7])
    ids = torch.tensor([6, -1, -1, -1])
    inherited = matcher.inherited(ids, ground_truth)
    # Query 0 lies on object 0, but is track 6; object 1 is its own.
    boxes = torch.cat((BOXES[:1], BOXES + 0.01))
    new = matcher.newborn(
        torch.zeros(4, 1), boxes, ground_truth, inherited=inherited, free=torch.tensor([1, 2, 3])
    )
    assert pairs(new) == {(1, 0), (3, 2)}


def test_matching_is_one_to_one_and_cheapest(matcher):
    ground_truth = objects(BOXES, [0, 1, 2])
    boxes = BOXES[[2, 0, 1, 1]] + torch.tensor([0.0, 0.0, 0.03, 0.0])[:, None]
    inherited = matcher.inherited(torch.full((4,), -1), ground_truth)
    new = matcher.newborn(
        torch.zeros(4, 1), boxes, ground_truth, inherited=inherited, free=torch.arange(4)
    )
    assert pairs(new) == {(0, 2), (1, 0), (3, 1)}


@pytest.mark.parametrize(('queries', 'count'), [(0, 3), (4, 0), (0, 0)])
def test_nothing_to_match(matcher, queries, count):
    ground_truth = objects(BOXES[:count], list(range(count)))
    inherited = matcher.inherited(torch.full((queries,), -1).long(), ground_truth)
    new = matcher.newborn(
        torch.zeros(queries, 1),
        torch.rand(queries, 4),
        ground_truth,
        inherited=inherited,
        free=torch.arange(queries),
    )
    assert pairs(inherited) == pairs(new) == set()


def test_more_objects_than_queries(matcher):
    ground_truth = objects(BOXES, [0, 1, 2])
    inherited = matcher.inherited(torch.tensor([-1]), ground_truth)
    new = matcher.newborn(
        torch.zeros(1, 1), BOXES[1:2], ground_truth, inherited=inherited, free=torch.arange(1)
    )
    assert pairs(new) == {(0, 1)}
