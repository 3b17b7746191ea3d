"""The network of a level: encoders, message passing along time, and the classifier of edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn


def mlp(*widths: int) -> nn.Sequential:
    """Linear layers, each followed by a ReLU, the last one, too."""
    layers: list[nn.Module] = []
    for width, next_width in pairwise(widths):
        layers += [nn.Linear(width, next_width), nn.ReLU()]
    return nn.Sequential(*layers)


@dataclass
class EdgeScores:
    """What message passing says about a graph.

    Attributes:
        logits: Of each classified step t = 2 .. T, ``(T - 1, E)``.
        edges: Edge vectors after these steps, ``(T - 1, E, C_e)``: what SPG aligns.
        hidden: Hidden node vectors before any message, ``(N, H)``: what ISG aligns.
    """

    logits: Tensor
    edges: Tensor
    hidden: Tensor


@MODELS.register_module()
class EdgeMessagePassing(BaseModule):
    """Score edges by messages that tell past from future (SUSHI's network, SPEC 4).

    Args:
        edge_features: Columns of the edge features.
        node_features: Width D of the appearance vectors.
        node_hidden: Width of the hidden node vector that a person's text is compared with.
        node_dims: Width of node vectors.
        edge_hidden: Width of the edge encoder's hidden layers. Widths cost time and memory as they
            grow; published checkpoints fit the defaults alone.
        edge_dims: Width of edge vectors, that a scene's text is compared with.
        steps: Rounds of messages T; raising it spreads decisions farther and costs in proportion.
        message_hidden: Width inside the two message networks.
        update_hidden: Width inside the edge update.
        classifier_hidden: Width inside the classifier.
    """

    def __init__(
        self,
        *,
        edge_features: int,
        node_features: int = 2048,
        node_hidden: int = 128,
        node_dims: int = 32,
        edge_hidden: int = 18,
        edge_dims: int = 16,
        steps: int = 12,
        message_hidden: int = 56,
        update_hidden: int = 80,
        classifier_hidden: int = 8,
    ) -> None:
        super().__init__()
        if steps < 2:
            raise ValueError(f'steps={steps}: edges are classified from the second step on')
        self.steps = steps
        self.node_features = node_features
        self.edge_dims = edge_dims
        self.node_hidden = node_hidden
        self.hidden_encoder = mlp(node_features, node_hidden)
        self.node_encoder = mlp(node_hidden, node_dims)
        self.edge_encoder = mlp(edge_features, edge_hidden, edge_hidden, edge_dims)
        self.edge_update = mlp(2 * node_dims + 2 * edge_dims, update_hidden, edge_dims)
        self.from_future = mlp(node_dims + edge_dims, message_hidden, node_dims)
        self.from_past = mlp(node_dims + edge_dims, message_hidden, node_dims)
        self.merge = mlp(2 * node_dims, node_dims)
        self.classifier = nn.Sequential(
            *mlp(edge_dims, classifier_hidden), nn.Linear(classifier_hidden, 1)
        )

    def forward(
        self, nodes: Tensor, edges: Tensor, features: Tensor, *, level_vector: Tensor
    ) -> EdgeScores:
        """Score E directed edges between N nodes.

        Args:
            nodes: Node features, ``(N, D)``; nodes are in the order of time within a clip.
            edges: (receiver, sender), both directions of each, ``(2, E)``.
            features: Edge features, ``(E, F)``.
            level_vector: Embedding of the level, for weights that levels share, ``(C_e,)``.
        """
        hidden = self.hidden_encoder(nodes)
        node = self.node_encoder(hidden)
        start = self.edge_encoder(features) + level_vector
        edge = start
        receiver, sender = edges
        past, future = (
            torch.nonzero(receiver > sender)[:, 0],
            torch.nonzero(receiver < sender)[:, 0],
        )
        logits, states = [], []
        for step in range(1, self.steps + 1):
            edge = joint(
                self.edge_update, [(node, receiver), (node, sender), (start, None), (edge, None)]
            )
            arriving = []
            for side, network in ((past, self.from_past), (future, self.from_future)):
                message = joint(network, [(node, sender[side]), (edge[side], None)])
                arriving.append(torch.zeros_like(node).index_add(0, receiver[side], message))
            node = self.merge(torch.cat(arriving, dim=1))
            if step > 1:
                logits.append(self.classifier(edge)[:, 0])
                states.append(edge)
        return EdgeScores(torch.stack(logits), torch.stack(states), hidden)


def joint(network: nn.Sequential, parts: Sequence[tuple[Tensor, Tensor | None]]) -> Tensor:
    """Run a network on the concatenation of vectors without making it.

    A node's share of the first layer is computed once and not for each of its edges.

    Args:
        network: Its first layer is a ``nn.Linear``.
        parts: Vectors ``(n, C)``, and which of them each of E rows has, ``(E,)``; None: all, in
            order. Their widths add up to the first layer's.

    Returns:
        ``(E, out)``.

    Raises:
        TypeError: The first layer is none.
    """
    first = network[0]
    if not isinstance(first, nn.Linear):
        raise TypeError(f'the first layer is a {type(first).__name__}, and has to be a Linear')
    weights = first.weight.split([part.shape[1] for part, _ in parts], dim=1)
    total = first.bias
    for (part, rows), weight in zip(parts, weights):
        share = part @ weight.T
        total = total + (share if rows is None else share[rows])
    return network[1:](total)
