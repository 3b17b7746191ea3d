"""From scores of edges to chains: every tracklet has one successor and one predecessor at most."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from mmtrack.registry import TASK_UTILS
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from torch import Tensor

MIN_SCORE = 0.5


class Rounding(Protocol):
    """Chooses edges such that they form chains."""

    def __call__(self, edges: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Choose among E edges (earlier, later), ``(2, E)``, by their scores; a mask ``(E,)``."""


@TASK_UTILS.register_module()
class ExactRounding:
    """Choose the edges above 0.5 that maximise ``sum(2 * score - 1)`` (SPEC 8).

    The constraint matrix is totally unimodular, so that an assignment solves the published linear
    program; it is solved for each set of edges that compete, so that matrices stay small.
    """

    def __call__(self, edges: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """See :class:`Rounding`."""
        kept = scores > MIN_SCORE
        chosen = np.flatnonzero(kept)
        # The successor side of a node and its predecessor side are two things to be assigned.
        leaving, entering = edges[0, chosen], edges[1, chosen]
        count = int(edges.max()) + 1 if edges.size else 0
        competing = _components(leaving, entering + count, 2 * count)[leaving]
        order = np.argsort(competing, kind='stable')
        borders = np.flatnonzero(np.diff(competing[order])) + 1
        for group in np.split(order, borders):
            if len(group) > 1:
                kept[chosen[group]] = _assign(
                    leaving[group], entering[group], scores[chosen[group]]
                )
        return kept


def _assign(leaving: np.ndarray, entering: np.ndarray, scores: np.ndarray) -> np.ndarray:
    _, rows = np.unique(leaving, return_inverse=True)
    _, columns = np.unique(entering, return_inverse=True)
    gain = np.zeros((rows.max() + 1, columns.max() + 1))
    gain[rows, columns] = 2 * scores - 1
    matched = np.zeros(gain.shape, dtype=bool)
    matched[linear_sum_assignment(gain, maximize=True)] = True
    return matched[rows, columns]


@TASK_UTILS.register_module()
class GreedyRounding:
    """Let every node with several successors, then with several predecessors, keep its best.

    Faster than :class:`ExactRounding` and not optimal: a choice may take a node's only good edge.
    """

    def __call__(self, edges: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """See :class:`Rounding`."""
        kept = scores > MIN_SCORE
        for side in edges:
            nodes, degrees = np.unique(side[kept], return_counts=True)
            for node in nodes[degrees > 1]:
                active = np.flatnonzero(kept & (side == node))
                kept[active] = False
                kept[active[scores[active].argmax()]] = True
        return kept


def undirected_scores(scores: Tensor) -> Tensor:
    """Mean of the scores of both directions: ``(E,)``, forward half first, to ``(E / 2,)``."""
    return scores.view(2, -1).mean(dim=0)


def merge_chains(edges: Tensor, count: int) -> Tensor:
    """Give numbers to the chains that edges join.

    Args:
        edges: Chosen edges, ``(2, E)``.
        count: Number of nodes N.

    Returns:
        Chain of each node, ``(N,)`` int64, numbered in the order of the lowest member.
    """
    sources, targets = edges.cpu().numpy()
    chains = _components(sources, targets, count)
    _, first, numbers = np.unique(chains, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    return torch.from_numpy(order[numbers].astype(np.int64)).to(edges.device)


def _components(sources: np.ndarray, targets: np.ndarray, count: int) -> np.ndarray:
    graph = coo_array((np.ones(len(sources)), (sources, targets)), shape=(count, count))
    return connected_components(graph, directed=False)[1]
