import pytest
import torch
import torch.nn.functional as F

from vsd_mot.models.semantics.map_layers import RowConv
from vsd_mot.models.semantics.row_map import RowMap, on_common_rows, query_plan, stencil


def query_map(count: int, height: int = 64, channels: int = 2, width: int = 12) -> RowMap:
    """A map of ``count`` random rows and zeros below."""
    plan = query_plan(count, height)
    rows = torch.randn(1, channels, count, width)
    return RowMap(F.pad(rows, (0, 0, 0, plan.stored - count)), plan)


@pytest.mark.parametrize('count', [1, 10, 63, 64])
@pytest.mark.parametrize(
    'options', [{}, dict(dilation=6), dict(dilation=18), dict(stride=2), dict(kernel_size=7)]
)
def test_a_convolution_gives_what_it_gives_on_the_whole_map(count, options):
    torch.manual_seed(count)
    conv = RowConv(2, 5, **{'kernel_size': 3, **options}).double()
    x = query_map(count)
    x = x.with_rows(x.rows.double())
    expected = F.conv2d(
        x.expanded().rows, conv.weight, conv.bias, conv.stride, conv.padding, conv.dilation
    )
    torch.testing.assert_close(conv(x).expanded().rows, expected)


def test_a_chain_of_convolutions_stores_each_row_once():
    x = query_map(10, height=256)
    x.rows[:, :, -1] = 1.0  # so that the rows below the queries differ from what is outside
    wide = RowConv(2, 2, 3, dilation=18)(RowConv(2, 2, 7)(x))
    full = wide.expanded().rows[0].transpose(0, 1).flatten(1)
    assert full.shape[0] == 256
    assert wide.plan.stored == len(torch.unique(full, dim=0)) < 60


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
