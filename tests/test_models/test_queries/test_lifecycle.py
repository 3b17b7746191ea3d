import pytest
import torch
from vsd_mot.models.queries import QuerySet, TrackLifecycle


def frame(scores: list[float], ids: list[int], missed: list[int] | None = None) -> QuerySet:
    count = len(scores)
    return QuerySet.fresh(torch.rand(count, 4), torch.rand(count, 8)).replace(
        scores=torch.tensor(scores),
        track_ids=torch.tensor(ids, dtype=torch.long),
        missed=torch.tensor(missed or [0] * count, dtype=torch.long),
    )


def test_births_are_numbered_in_query_order_and_go_on_counting():
    lifecycle = TrackLifecycle()
    assert lifecycle(frame([0.9, 0.2, 0.5], [-1, -1, -1])).track_ids.tolist() == [0, -1, 1]
    assert lifecycle(frame([0.9, 0.6], [0, -1])).track_ids.tolist() == [0, 2]
    lifecycle.reset()
    assert lifecycle(frame([0.7], [-1])).track_ids.tolist() == [0]


def test_a_track_dies_in_the_frame_in_which_its_patience_ends():
    lifecycle = TrackLifecycle(miss_tolerance=3)
    queries = frame([0.9], [-1])
    ids = []
    for score in (0.9, 0.1, 0.1, 0.1):
        queries = lifecycle(queries.replace(scores=torch.tensor([score])))
        ids.append(queries.track_ids.item())
    assert ids == [0, 0, 0, -1]


def test_a_recovery_wipes_the_misses_out():
    lifecycle = TrackLifecycle(miss_tolerance=2)
    queries = lifecycle(frame([0.9], [-1]))
    for score, missed in ((0.1, 1), (0.8, 0), (0.1, 1)):
        queries = lifecycle(queries.replace(scores=torch.tensor([score])))
        assert queries.missed.item() == missed
        assert queries.track_ids.item() == 0


@pytest.mark.parametrize(('score', 'born'), [(0.4999, False), (0.5, True)])
def test_birth_is_at_the_threshold_or_above(score, born):
    ids = TrackLifecycle(birth_threshold=0.5)(frame([score], [-1])).track_ids
    assert (ids.item() == 0) is born


def test_reports_are_strictly_above_threshold_and_area_and_have_an_identity():
    lifecycle = TrackLifecycle(report_threshold=0.5, min_area=100)
    boxes = torch.tensor([[0, 0, 20, 20], [0, 0, 20, 20], [0, 0, 10, 10], [0, 0, 20, 20.0]])
    queries = frame([0.9, 0.5, 0.9, 0.9], [3, 4, 5, -1])
    assert lifecycle.reported(queries, boxes).tolist() == [True, False, False, False]


def test_no_queries_at_all():
    lifecycle = TrackLifecycle()
    assert len(lifecycle(frame([], []))) == 0
    assert lifecycle.next_id == 0
