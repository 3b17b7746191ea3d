import torch

from vsd_mot.models.query_tracking.queries import QuerySet


def queries(count: int) -> QuerySet:
    fresh = QuerySet.fresh(torch.rand(count, 4), torch.rand(count, 8))
    return fresh.replace(track_ids=torch.arange(count), scores=torch.rand(count))


def test_fresh_queries_have_no_identity_and_an_iou_of_one():
    fresh = QuerySet.fresh(torch.rand(3, 4), torch.rand(3, 8))
    assert len(fresh) == 3
    assert fresh.track_ids.tolist() == [-1, -1, -1]
    assert fresh.ious.tolist() == [1, 1, 1]
    assert fresh.missed.tolist() == [0, 0, 0]


def test_cat_then_slice_gives_the_parts_back():
    first, second = queries(2), queries(3)
    both = QuerySet.cat((first, second))
    assert len(both) == 5
    for name, value in vars(both[2:]).items():
        assert torch.equal(value, getattr(second, name)), name


def test_indexing_keeps_the_fields_of_a_query_together():
    whole = queries(5)
    order = torch.tensor([4, 0, 2])
    picked = whole[order]
    assert picked.track_ids.tolist() == [4, 0, 2]
    assert torch.equal(picked.reference_boxes, whole.reference_boxes[order])
    assert torch.equal(whole[whole.track_ids > 2].contents, whole.contents[3:])


def test_replace_leaves_the_original_alone():
    whole = queries(2)
    changed = whole.replace(track_ids=torch.tensor([7, 8]))
    assert whole.track_ids.tolist() == [0, 1]
    assert changed.track_ids.tolist() == [7, 8]
    assert changed.contents is whole.contents


def test_empty_sets_are_sets():
    empty = QuerySet.fresh(torch.empty(0, 4), torch.empty(0, 8))
    assert len(QuerySet.cat((empty, queries(2)))) == 2
    assert len(empty[empty.track_ids >= 0]) == 0
