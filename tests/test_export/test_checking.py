"""Graphs against the modules they were made of."""

import numpy as np
import pytest
import torch
from torch import nn

from vsd_mot.errors import ExportError
from vsd_mot.export.checking import check_graph, disagreement


class Double(nn.Module):
    """Doubles."""

    inputs = ('x',)
    outputs = ('y',)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        return (2 * x,)


def test_equal_graphs_pass() -> None:
    check_graph(Double(), lambda x: {'y': x + x}, [(torch.ones(3),)], name='double')


def test_others_do_not() -> None:
    with pytest.raises(ExportError, match=r'double is not right.*its y differ by 0\.5 .*\(3,\)'):
        check_graph(Double(), lambda x: {'y': 3 * x}, [(torch.ones(3),)], name='double')
    with pytest.raises(ExportError, match='its y differ by nan'):
        check_graph(Double(), lambda x: {'y': x * np.nan}, [(torch.ones(3),)], name='double')


def test_graphs_that_fail_are_errors_of_ours() -> None:
    def fails(x: np.ndarray) -> dict:
        raise ValueError('no\nreason')

    with pytest.raises(ExportError, match=r'double cannot be run on inputs \(3,\): no reason'):
        check_graph(Double(), fails, [(torch.ones(3),)], name='double')


def test_disagreement_is_a_share_of_the_largest() -> None:
    ten = np.full(3, 10.0)
    assert disagreement(ten, ten + 1) == pytest.approx(0.1)
    assert disagreement(ten / 100, ten / 100 + 1) == pytest.approx(1.0)
    assert disagreement(ten, ten[:2]) == np.inf
    assert disagreement(ten[:0], ten[:0]) == 0
    assert disagreement(np.array([0, 1]), np.array([0, 1])) == 0
