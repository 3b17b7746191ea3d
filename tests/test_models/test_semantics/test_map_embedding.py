"""Rows of queries become maps; those beyond a map's height get maps of their own."""

import pytest
import torch

from vsd_mot.models.semantics.map_embedding import MapEmbedding
from vsd_mot.models.semantics.map_layers import MapShape


def embedding(height=8, collapse=True):
    torch.manual_seed(0)
    shape = MapShape(columns=12, height=height, channels=4)
    return MapEmbedding(shape, 'frozen', collapse=collapse).double().eval()


@pytest.mark.parametrize(('count', 'counts'), [(0, []), (3, [3]), (8, [8]), (19, [8, 8, 3])])
def test_queries_are_split_by_the_height_of_a_map(count, counts):
    rows = torch.randn(count, 12).double()
    maps = embedding()(rows, rows)
    assert [one.count for one in maps] == counts
    for one in maps:
        assert one.queries.expanded().rows.shape == (1, 4, 8, 12)


def test_equal_rows_stored_once_are_the_same_map():
    rows, contents = torch.randn(3, 12).double(), torch.randn(3, 12).double()
    for short, long in zip(embedding()(rows, contents), embedding(collapse=False)(rows, contents)):
        for name in ('semantics', 'queries'):
            torch.testing.assert_close(
                getattr(short, name).expanded().rows, getattr(long, name).expanded().rows
            )
            assert getattr(short, name).plan.stored < getattr(long, name).plan.stored


def test_another_width_is_refused():
    with pytest.raises(ValueError, match='the maps are 12 wide and the queries 10'):
        embedding()(torch.zeros(2, 10).double(), torch.zeros(2, 10).double())
