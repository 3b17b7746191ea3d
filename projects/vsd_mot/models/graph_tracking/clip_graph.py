"""The graph of a clip at one level: tracklets, edges between them, features and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from mmtrack.registry import TASK_UTILS
from torch import Tensor

from .candidates import candidate_edges
from .pruning import appearance_distance, feet
from .tracklets import ClipDetections, Tracklets


@dataclass
class ClipGraph:
    """One or several clips at one level.

    Attributes:
        nodes: Node features, ``(N, D)``: mean appearance vectors.
        edges: Both directions, ``(2, E)``: the E / 2 edges (earlier, later), then their reverses.
        edge_features: ``(E, F)``; both directions have the same.
        labels: ``(E,)`` float, 1 where the edge leads to the person's next (last) tracklet.
        identity: Of each node, ``(N,)``.
        clip_of_node: Position of its clip in the batch, ``(N,)``.
        clip_of_edge: The same of each edge, ``(E,)``.
    """

    nodes: Tensor
    edges: Tensor
    edge_features: Tensor
    labels: Tensor
    identity: Tensor
    clip_of_node: Tensor
    clip_of_edge: Tensor

    @classmethod
    def cat(cls, graphs: Sequence[ClipGraph]) -> ClipGraph:
        """Put the graphs of single clips side by side; forward edges of each, then reverses."""
        offsets = torch.tensor([0, *(len(graph.nodes) for graph in graphs)]).cumsum(0).tolist()
        return cls(
            nodes=torch.cat([graph.nodes for graph in graphs]),
            edges=torch.cat([g.edges + offset for g, offset in zip(graphs, offsets)], dim=1),
            edge_features=torch.cat([graph.edge_features for graph in graphs]),
            labels=torch.cat([graph.labels for graph in graphs]),
            identity=torch.cat([graph.identity for graph in graphs]),
            clip_of_node=torch.cat(
                [graph.clip_of_node + clip for clip, graph in enumerate(graphs)]
            ),
            clip_of_edge=torch.cat(
                [graph.clip_of_edge + clip for clip, graph in enumerate(graphs)]
            ),
        )


@TASK_UTILS.register_module()
class GraphConstruction:
    """Build the graph of a level: candidates, motion, pruning, features, labels.

    Args:
        window: Frames that a level spans; see :func:`candidate_edges`. Raising it joins across
            longer gaps, with more candidates.
        pruning: Config of what chooses among the candidates.
        motion: Config of the motion model; None for single detections, which have no motion.
    """

    def __init__(self, window: int, pruning: dict, motion: dict | None = None) -> None:
        self.window = window
        self.pruning = TASK_UTILS.build(pruning)
        self.motion = None if motion is None else TASK_UTILS.build(motion)

    @property
    def feature_count(self) -> int:
        """Columns of the edge features."""
        return 6 if self.motion is None else 7

    def __call__(self, detections: ClipDetections, tracklets: Tracklets) -> ClipGraph:
        """Build the graph of one clip; it may have no edges."""
        edges, motion = self.prune(detections, tracklets)
        columns = [edge_geometry(tracklets, edges, detections.frame_rate)]
        columns.append(appearance_distance(tracklets, edges)[:, None])
        if motion is not None:
            columns.append(motion[:, None])
        both = torch.cat([edges, edges.flip(0)], dim=1)
        return ClipGraph(
            nodes=tracklets.appearance,
            edges=both,
            edge_features=torch.cat(columns, dim=1).repeat(2, 1),
            labels=edge_labels(tracklets, both),
            identity=tracklets.identity,
            clip_of_node=torch.zeros_like(tracklets.start),
            clip_of_edge=torch.zeros_like(both[0]),
        )

    def prune(
        self, detections: ClipDetections, tracklets: Tracklets
    ) -> tuple[Tensor, Tensor | None]:
        """Choose the edges (earlier, later) that stay, ``(2, E)``; and their motion scores."""
        edges = candidate_edges(tracklets.start, tracklets.end, self.window)
        score = None
        if self.motion is not None:
            motion = self.motion.estimate(detections, tracklets)
            score = self.motion.score(motion, tracklets, edges)
        kept = self.pruning(tracklets, edges, score)
        return edges[:, kept], None if score is None else score[kept]


def edge_geometry(tracklets: Tracklets, edges: Tensor, frame_rate: float) -> Tensor:
    """Time, way and growth from where one tracklet ends to where the other starts (SPEC 3.6).

    Args:
        tracklets: The nodes.
        edges: (earlier, later), ``(2, E)``.
        frame_rate: Frames per second.

    Returns:
        ``(E, 5)``: seconds; way of the feet in x and y, in mean heights; logarithms of the ratios
        of height and width.
    """
    earlier, later = edges
    last, first = tracklets.last_box[earlier], tracklets.first_box[later]
    seconds = (tracklets.start[later] - tracklets.end[earlier]).to(last.dtype) / frame_rate
    displacement = (feet(first) - feet(last)) / ((last[:, 3:] + first[:, 3:]) / 2)
    growth = torch.log(first[:, [3, 2]] / last[:, [3, 2]])
    return torch.cat([seconds[:, None], displacement, growth], dim=1)


def edge_labels(tracklets: Tracklets, edges: Tensor) -> Tensor:
    """Tell which edges lead to the nearest tracklet of the same person (SPEC 3.5).

    Args:
        tracklets: The nodes, with identities.
        edges: Both directions, ``(2, E)``: (earlier, later), then reversed.

    Returns:
        ``(E,)`` float: 1 for (u, v) if v is the soonest successor of u among the edges, and for
        (v, u) if u is the latest predecessor of v; the two may differ. Else 0.
    """
    source, target = edges
    forward = torch.arange(edges.shape[1], device=edges.device) < edges.shape[1] // 2
    earlier, later = torch.where(forward, edges, edges.flip(0))
    gap = tracklets.start[later] - tracklets.end[earlier]
    same = (tracklets.identity[source] == tracklets.identity[target]) & (
        tracklets.identity[source] >= 0
    )
    # A group: the edges of one person that leave a node in one direction.
    group = source * 2 + forward.long()
    nearest = gap.new_full((2 * len(tracklets),), torch.iinfo(gap.dtype).max)
    nearest.scatter_reduce_(0, group[same], gap[same], 'amin')
    return (same & (gap == nearest[group])).float()
