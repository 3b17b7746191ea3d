import numpy as np
import pytest
import torch
from scipy.optimize import linprog

import lgmot_published as published
from vsd_mot.models.graph_tracking.rounding import (
    ExactRounding,
    GreedyRounding,
    merge_chains,
    undirected_scores,
)

ROUNDINGS = dict(exact=ExactRounding, greedy=GreedyRounding)


@pytest.mark.parametrize('case', range(8))
@pytest.mark.parametrize('method', ROUNDINGS)
def test_chains_are_the_published_ones(case, method):
    data = published.arrays('rounding')
    expected = {k[3:]: published.tensor(data[k]) for k in data if k.startswith(f'c{case}_')}
    edges, half = expected['edges'], expected['edges'].shape[1] // 2
    assert torch.equal(edges[:, half:], edges[:, :half].flip(0))
    scores = undirected_scores(expected['scores'])
    survivors = scores >= 0.5
    assert torch.equal(edges[:, :half][:, survivors], expected['und_edges'])
    torch.testing.assert_close(scores[survivors], expected['und_scores'])

    kept = ROUNDINGS[method]()(edges[:, :half].numpy(), scores.numpy())
    chosen = edges[:, :half][:, torch.from_numpy(kept)]
    ours = {tuple(edge) for edge in chosen.T.tolist()}
    assert ours == {tuple(edge) for edge in expected[f'{method}_kept'].T.tolist()}
    chains = merge_chains(chosen, int(expected['num_nodes']))
    assert torch.equal(chains, expected[f'{method}_clusters'])


def random_graph(seed, count=30):
    rng = np.random.default_rng(seed)
    earlier, later = np.triu_indices(count, 1)
    some = rng.random(len(earlier)) < 0.3
    return np.stack([earlier[some], later[some]]), rng.random(some.sum())


@pytest.mark.parametrize('seed', range(3))
def test_exact_rounding_reaches_the_optimum_of_the_linear_program(seed):
    edges, scores = random_graph(seed)
    sides = np.concatenate([edges[0], edges[1] + 30])
    matrix = np.zeros((60, len(scores)))
    matrix[sides, np.tile(np.arange(len(scores)), 2)] = 1
    best = linprog(1 - 2 * scores, A_ub=matrix, b_ub=np.ones(60), bounds=(0, 1), method='highs')
    kept = ExactRounding()(edges, scores)
    assert np.isclose((1 - 2 * scores)[kept].sum(), best.fun)


@pytest.mark.parametrize('method', ROUNDINGS)
def test_every_node_has_one_successor_and_one_predecessor_at_most(method):
    edges, scores = random_graph(7)
    kept = ROUNDINGS[method]()(edges, scores)
    assert kept.any()
    for side in edges[:, kept]:
        assert len(np.unique(side)) == len(side)


@pytest.mark.parametrize('method', ROUNDINGS)
def test_no_edges_merge_nothing(method):
    edges = np.zeros((2, 0), dtype=np.int64)
    assert ROUNDINGS[method]()(edges, np.zeros(0)).shape == (0,)
    assert merge_chains(torch.from_numpy(edges), 3).tolist() == [0, 1, 2]
