import pytest
import torch

from vsd_mot.models.query_tracking.queries import QuerySet, TrackLifecycle


def frame(scores: list[float], ids: list[int], missed: list[int] | None = None) -> QuerySet:
    count = len(scores)
    return QuerySet.fresh(torch.rand(count, 4), torch.rand(count, 8)).replace(
        scores=torch.tensor(scores),
        track_ids=torch.tensor(ids, dtype=torch.long),
        missed=torch.tensor(missed or [0] * count, dtype=torch.long),
    )


def update(lifecycle: TrackLifecycle, queries: QuerySet) -> QuerySet:
    """A frame whose boxes lie apart."""
    corners = 10.0 * torch.arange(len(queries))[:, None].expand(-1, 2)
    return lifecycle(queries, torch.cat((corners, corners + 5), dim=1))


def test_births_are_numbered_in_query_order_and_go_on_counting():
    lifecycle = TrackLifecycle()
    assert update(lifecycle, frame([0.9, 0.2, 0.5], [-1, -1, -1])).track_ids.tolist() == [0, -1, 1]
    assert update(lifecycle, frame([0.9, 0.6], [0, -1])).track_ids.tolist() == [0, 2]
    lifecycle.reset()
    assert update(lifecycle, frame([0.7], [-1])).track_ids.tolist() == [0]


def test_a_track_dies_in_the_frame_in_which_its_patience_ends():
    lifecycle = TrackLifecycle(miss_tolerance=3)
    queries = frame([0.9], [-1])
    ids = []
    for score in (0.9, 0.1, 0.1, 0.1):
        queries = update(lifecycle, queries.replace(scores=torch.tensor([score])))
        ids.append(queries.track_ids.item())
    assert ids == [0, 0, 0, -1]


def test_a_recovery_wipes_the_misses_out():
    lifecycle = TrackLifecycle(miss_tolerance=2)
    queries = update(lifecycle, frame([0.9], [-1]))
    for score, missed in ((0.1, 1), (0.8, 0), (0.1, 1)):
        queries = update(lifecycle, queries.replace(scores=torch.tensor([score])))
        assert queries.missed.item() == missed
        assert queries.track_ids.item() == 0


@pytest.mark.parametrize(('score', 'born'), [(0.4999, False), (0.5, True)])
def test_birth_is_at_the_threshold_or_above(score, born):
    ids = update(TrackLifecycle(birth_threshold=0.5), frame([score], [-1])).track_ids
    assert (ids.item() == 0) is born


def test_reports_are_strictly_above_threshold_and_area_and_have_an_identity():
    lifecycle = TrackLifecycle(report_threshold=0.5, min_area=100)
    boxes = torch.tensor([[0, 0, 20, 20], [0, 0, 20, 20], [0, 0, 10, 10], [0, 0, 20, 20.0]])
    queries = frame([0.9, 0.5, 0.9, 0.9], [3, 4, 5, -1])
    assert lifecycle.reported(queries, boxes).tolist() == [True, False, False, False]


@pytest.mark.parametrize('merge_iou', [None, 0.8])
def test_no_queries_at_all(merge_iou):
    lifecycle = TrackLifecycle(merge_iou=merge_iou)
    assert len(update(lifecycle, frame([], []))) == 0
    assert lifecycle.next_id == 0


def test_of_tracks_that_follow_one_object_the_oldest_lives_on():
    """Query 1 has the older identity; query 3 is born there; query 4, unseen, is left alone."""
    boxes = torch.tensor([[0, 0, 10, 20], [0, 0, 10, 21], [30, 0, 40, 20], [0, 1, 10, 21.0]])
    boxes = torch.cat((boxes, boxes[:1]))
    queries = frame([0.9, 0.6, 0.9, 0.95, 0.1], [5, 2, 7, -1, 6])
    for merge_iou, expected in ((0.8, [-1, 2, 7, -1, 6]), (None, [5, 2, 7, 8, 6])):
        lifecycle = TrackLifecycle(merge_iou=merge_iou)
        lifecycle.next_id = 8
        assert lifecycle(queries, boxes).track_ids.tolist() == expected


def test_tracks_beside_each_other_are_not_merged():
    boxes = torch.tensor([[0, 0, 10, 20], [2, 0, 12, 20.0]])  # IoU 2/3
    assert TrackLifecycle(merge_iou=0.7)(frame([0.9, 0.9], [0, 1]), boxes).track_ids.tolist() == [
        0,
        1,
    ]
    assert TrackLifecycle(merge_iou=0.6)(frame([0.9, 0.9], [0, 1]), boxes).track_ids.tolist() == [
        0,
        -1,
    ]


def test_misses_are_counted_in_the_ticks_that_went_by():
    lifecycle = TrackLifecycle(miss_tolerance=10)
    boxes = torch.tensor([[0.0, 0.0, 5.0, 5.0]])
    queries = lifecycle(frame([0.9], [-1]), boxes)
    ids = []
    for elapsed in (4.5, 5.0, 0.5):
        queries = lifecycle(queries.replace(scores=torch.tensor([0.1])), boxes, elapsed=elapsed)
        ids.append(queries.track_ids.item())
    assert ids == [0, 0, -1]
