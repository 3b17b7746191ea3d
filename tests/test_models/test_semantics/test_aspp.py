"""ASPP over rows gives what it gives on the whole map."""

import pytest
import torch
import torch.nn.functional as F

from row_maps import query_map
from vsd_mot.models.semantics.aspp import ASPP
from vsd_mot.models.semantics.row_map import RowMap, RowPlan


@pytest.mark.parametrize('count', [1, 9, 64])
def test_it_is_the_concatenation_of_its_branches_on_the_whole_map(count):
    torch.manual_seed(0)
    aspp = ASPP(2, 4, dilations=(1, 3), dropout=0.0, norm='frozen').double().eval()
    x = query_map(count)
    x = x.with_rows(x.rows.double())
    whole = x.expanded().rows

    def branch(layer, x):
        conv = layer.conv
        found = F.conv2d(x, conv.weight, conv.bias, conv.stride, conv.padding, conv.dilation)
        every_row = RowPlan(tuple(range(found.shape[2])), real=found.shape[2])
        return F.relu(layer.norm(RowMap(found, every_row)).rows)

    pooled = branch(aspp.pooled, whole.mean((2, 3), keepdim=True)).expand(-1, -1, *whole.shape[2:])
    branches = [branch(layer, whole) for layer in (aspp.point, *aspp.dilated)]
    expected = branch(aspp.project, torch.cat([*branches, pooled], dim=1))
    torch.testing.assert_close(aspp(x).expanded().rows, expected)


def test_gradients_reach_every_weight():
    torch.manual_seed(0)
    aspp = ASPP(2, 8, dilations=(1, 3), dropout=0.1, norm='group')
    aspp(query_map(9)).rows.square().sum().backward()
    assert all(parameter.grad is not None for parameter in aspp.parameters())
