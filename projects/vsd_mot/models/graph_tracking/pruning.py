"""Which candidate edges stay: the best of each tracklet, if both ends agree."""

from __future__ import annotations

import torch
from mmtrack.registry import TASK_UTILS
from torch import Tensor
from torch.nn.functional import pairwise_distance

from .tracklets import Tracklets


def feet(boxes: Tensor) -> Tensor:
    """Middle of the lower side of boxes (cx, cy, w, h), ``(n, 2)``."""
    return torch.stack([boxes[:, 0], boxes[:, 1] + boxes[:, 3] / 2], dim=1)


def appearance_distance(tracklets: Tracklets, edges: Tensor) -> Tensor:
    """L2 distance of the mean appearance vectors of E pairs, ``(E,)``."""
    return pairwise_distance(tracklets.appearance[edges[0]], tracklets.appearance[edges[1]])


def mutual_nearest(edges: Tensor, costs: Tensor, *, count: int, neighbours: int) -> Tensor:
    """Keep the edges that are among the cheapest of both their ends (SPEC 3.4).

    Args:
        edges: ``(2, E)``.
        costs: ``(E,)``; among equal ones that of the lower position is cheaper, and outgoing
            edges are cheaper than incoming ones.
        count: Number of nodes.
        neighbours: How many edges an end chooses.

    Returns:
        Mask, ``(E,)``.
    """
    ends = edges.flatten()
    by_cost = torch.argsort(costs.repeat(2), stable=True)
    order = by_cost[torch.argsort(ends[by_cost], stable=True)]
    degrees = torch.bincount(ends, minlength=count)
    first = degrees.cumsum(0) - degrees
    rank = torch.empty_like(ends)
    rank[order] = torch.arange(len(ends), device=ends.device) - first[ends[order]]
    return (rank < neighbours).view(2, -1).all(dim=0)


class _Pruning:
    """Keeps an edge if it is among the ``neighbours`` cheapest of both its ends."""

    def __init__(self, neighbours: int = 10) -> None:
        self.neighbours = neighbours

    def costs(self, tracklets: Tracklets, edges: Tensor, motion: Tensor | None) -> Tensor:
        raise NotImplementedError

    def __call__(self, tracklets: Tracklets, edges: Tensor, motion: Tensor | None) -> Tensor:
        """Choose among E candidate edges.

        Args:
            tracklets: The nodes.
            edges: (earlier, later), ``(2, E)``.
            motion: Motion scores, ``(E,)``; None at the level of detections.

        Returns:
            Mask, ``(E,)``.
        """
        costs = self.costs(tracklets, edges, motion)
        return mutual_nearest(edges, costs, count=len(tracklets), neighbours=self.neighbours)


@TASK_UTILS.register_module()
class GeometryPruning(_Pruning):
    """Prune by the distance in pixels from where one tracklet ends to where the other starts.

    Args:
        neighbours: Edges that each end chooses; raising it finds people who moved far and costs
            time in proportion.
    """

    def costs(self, tracklets: Tracklets, edges: Tensor, motion: Tensor | None) -> Tensor:
        """Distance of the feet, ``(E,)``."""
        leaving, entering = feet(tracklets.last_box), feet(tracklets.first_box)
        return pairwise_distance(leaving[edges[0]], entering[edges[1]])


@TASK_UTILS.register_module()
class MotionAppearancePruning(_Pruning):
    """Prune by a mixture of motion and appearance, ``2 - w * motion - (1 - w) * exp(-d / scale)``.

    Args:
        neighbours: Edges that each end chooses. Raising it keeps more true edges, at the cost of
            time and memory.
        motion_weight: Share w of the motion score. Published: 0.05 for MOT17 (``motion_005``), 0.1
            for DanceTrack and MOT20 in SUSHI's commands. Raising it prefers likely motion to like
            appearance.
        scale: Distance of appearance vectors at which their likeness falls to 1/e; 20 suits
            fast-reid's vectors, which are not normalised. Raising it makes appearance count less.
    """

    def __init__(
        self, neighbours: int = 10, motion_weight: float = 0.05, scale: float = 20.0
    ) -> None:
        super().__init__(neighbours)
        self.motion_weight = motion_weight
        self.scale = scale

    def costs(self, tracklets: Tracklets, edges: Tensor, motion: Tensor | None) -> Tensor:
        """Compute the mixture, ``(E,)``, lower is better."""
        if motion is None:
            raise ValueError(
                'MotionAppearancePruning needs a motion: single detections have none. Use '
                'GeometryPruning at the first level, and give the level a motion otherwise'
            )
        likeness = torch.exp(-appearance_distance(tracklets, edges) / self.scale)
        return 2 - (self.motion_weight * motion + (1 - self.motion_weight) * likeness)
