"""Candidate edges, against all pairs."""

import pytest
import torch

from vsd_mot.models.graph_tracking.candidates import candidate_edges


@pytest.mark.parametrize('window', [3, 7, 50])
def test_edges_are_all_pairs_of_a_window_that_follow_each_other(window):
    generator = torch.Generator().manual_seed(window)
    start = torch.randint(5, 60, (40,), generator=generator).sort().values
    end = start + torch.randint(0, 4, (40,), generator=generator)
    edges = candidate_edges(start, end, window)
    in_window = (start - start[0]) // window
    expected = {
        (i, j)
        for i in range(40)
        for j in range(40)
        if end[i] < start[j] and in_window[i] == in_window[j]
    }
    assert set(map(tuple, edges.T.tolist())) == expected
    assert edges.shape[1] == len(expected)
    order = [(int(in_window[i]), int(end[i]), i, j) for i, j in edges.T.tolist()]
    assert order == sorted(order)


def test_no_tracklets_have_no_edges():
    none = torch.zeros(0, dtype=torch.long)
    assert candidate_edges(none, none, 5).shape == (2, 0)
