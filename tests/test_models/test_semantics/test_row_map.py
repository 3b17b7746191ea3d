"""Maps of which each row is stored once."""

import torch

from row_maps import query_map
from vsd_mot.models.semantics.map_layers import RowConv
from vsd_mot.models.semantics.row_map import on_common_rows, query_plan, stencil


def test_the_rows_of_queries_come_first_and_stay_apart():
    plan, _ = stencil(query_plan(10, 64), (-3, -2, -1, 0, 1, 2, 3))
    assert plan.index[:10] == tuple(range(10))
    assert plan.real == 10
    halved, _ = stencil(plan, (-1, 0, 1), 2)
    assert (halved.height, halved.real) == (32, 5)


def test_means_and_maxima_are_those_of_the_whole_map():
    x = RowConv(2, 3, 7)(query_map(9))
    whole = x.expanded().rows
    torch.testing.assert_close(x.mean(), whole.mean((2, 3)))
    assert torch.equal(x.max(), whole.amax((2, 3)))


def test_maps_of_different_plans_meet_on_common_rows():
    coarse = query_map(9)
    fine = RowConv(2, 2, 7)(coarse)
    one, other = on_common_rows(coarse, fine)
    assert one.plan == other.plan == fine.plan
    assert torch.equal(one.expanded().rows, coarse.expanded().rows)
    assert torch.equal(other.rows, fine.rows)


def test_a_row_collects_the_gradient_of_all_its_places():
    x = query_map(3, height=16)
    x.rows.requires_grad_()
    x.expanded().rows.sum().backward()
    assert x.rows.grad[0, 0, :, 0].tolist() == [1.0, 1.0, 1.0, 13.0]
