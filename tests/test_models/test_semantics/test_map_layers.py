"""Layers on maps of rows give what they give on whole maps."""

import pytest
import torch
import torch.nn.functional as F

from row_maps import query_map
from vsd_mot.models.semantics.map_layers import RowConv


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
