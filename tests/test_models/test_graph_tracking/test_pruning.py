"""Which candidate edges are kept."""

import pytest
import torch

import lgmot_published as published
from vsd_mot.models.graph_tracking.pruning import mutual_nearest


@pytest.mark.parametrize('neighbours', [1, 3, 5])
def test_ties_between_neighbours_are_broken_as_published(neighbours):
    ops = published.arrays('ops')
    edges, scores = published.tensor(ops['knn_edges']), published.tensor(ops['knn_scores'])
    kept = mutual_nearest(edges, scores, count=int(edges.max()) + 1, neighbours=neighbours)
    assert torch.equal(kept, published.tensor(ops[f'knn{neighbours}_mask']))
