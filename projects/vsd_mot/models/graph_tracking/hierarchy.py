"""The hierarchy: detections become short chains, these longer ones, level by level."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS, TASK_UTILS
from torch import Tensor, nn

from .clip_graph import ClipGraph, GraphConstruction
from .losses import FocalEdgeLoss, TextAlignment
from .message_passing import EdgeMessagePassing, EdgeScores
from .rounding import Rounding, merge_chains, undirected_scores
from .tracklets import ClipDetections, Tracklets


@MODELS.register_module()
class GraphHierarchy(BaseModule):
    """Join the detections of a clip into chains over several levels (SUSHI, LG-MOT; SPEC 3 to 6).

    At each level a graph is built, its edges are scored by message passing, the scores are rounded
    to chains, and each chain is a node of the next level.

    Args:
        levels: Configs of :class:`GraphConstruction`, finest first.
        networks: Configs of :class:`EdgeMessagePassing`. ``edge_features`` is filled in.
        network_of_level: Which network serves each level. Published: (0, 1, 1, 1).
        rounding: Config of :class:`ExactRounding` or :class:`GreedyRounding`.
        edge_loss: Config of the edge loss; only training needs it.
        instance_alignment: Config of ISG, a :class:`TextAlignment` of hidden node vectors with the
            text of their person; None: without.
        scene_alignment: Config of SPG, a :class:`TextAlignment` of edge vectors with the text of
            their video; None: without.
        published: Compute as the published code: nodes without features (``zero_nodes``), and ISG
            wherever there are as many nodes as detections instead of at its ``levels``.
        zero_nodes: Whether nodes start without features, so that appearance counts through the
            edges alone, and ISG can teach a bias only (SPEC 9.1). None: as ``published`` says.

    Attributes:
        active_levels: Levels that training runs, from the finest; :class:`UnlockLevelsHook` raises
            it. Inference runs all.
    """

    edge_loss: FocalEdgeLoss | None
    instance_alignment: TextAlignment | None
    scene_alignment: TextAlignment | None

    def __init__(
        self,
        *,
        levels: Sequence[dict],
        networks: Sequence[dict],
        network_of_level: Sequence[int],
        rounding: dict,
        edge_loss: dict | None = None,
        instance_alignment: dict | None = None,
        scene_alignment: dict | None = None,
        published: bool = False,
        zero_nodes: bool | None = None,
    ) -> None:
        super().__init__()
        self.levels: list[GraphConstruction] = [TASK_UTILS.build(level) for level in levels]
        self.network_of_level = tuple(network_of_level)
        networks_built: list[EdgeMessagePassing] = [
            MODELS.build(dict(network, edge_features=self._feature_count(index)))
            for index, network in enumerate(networks)
        ]
        self.networks = nn.ModuleList(networks_built)
        self.level_vectors = nn.Embedding(len(levels), networks_built[0].edge_dims)
        self.rounding: Rounding = TASK_UTILS.build(rounding)
        self.edge_loss = None if edge_loss is None else MODELS.build(edge_loss)
        self.instance_alignment = (
            None if instance_alignment is None else MODELS.build(instance_alignment)
        )
        self.scene_alignment = None if scene_alignment is None else MODELS.build(scene_alignment)
        self.published = published
        self.zero_nodes = published if zero_nodes is None else zero_nodes
        self.active_levels = len(levels)

    def _feature_count(self, network: int) -> int:
        """Columns of the edge features of the levels that share a network."""
        if len(self.network_of_level) != len(self.levels):
            raise ValueError(
                f'network_of_level={self.network_of_level} is not one network for each of '
                f'{len(self.levels)} levels'
            )
        counts = {
            level.feature_count
            for level, owner in zip(self.levels, self.network_of_level)
            if owner == network
        }
        if len(counts) != 1:
            raise ValueError(
                f'the levels of network {network} (network_of_level={self.network_of_level}) have '
                f'{sorted(counts) or "no"} edge features: a network serves at least one level, and '
                'levels with a motion cannot share it with levels without one'
            )
        return counts.pop()

    def score(self, level: int, graph: ClipGraph) -> EdgeScores:
        """Run the network of a level on a graph."""
        nodes = torch.zeros_like(graph.nodes) if self.zero_nodes else graph.nodes
        network = self.networks[self.network_of_level[level]]
        if nodes.shape[1] != network.node_features:
            raise ValueError(
                f'the appearance vectors have {nodes.shape[1]} numbers, the network takes '
                f'{network.node_features}: set node_features of the networks, or make the vectors '
                'with the encoder that the model was trained with (tools/dataset_converters/'
                'make_appearance.py)'
            )
        vector = self.level_vectors.weight[level]
        return network(nodes, graph.edges, graph.edge_features, level_vector=vector)

    def merge(self, graph: ClipGraph, scores: Tensor) -> Tensor:
        """Round scores of directed edges, ``(E,)``, to chains: the chain of each node, ``(N,)``."""
        half = graph.edges.shape[1] // 2
        forward = graph.edges[:, :half]
        kept = self.rounding(
            forward.cpu().numpy(), undirected_scores(scores.detach()).cpu().numpy()
        )
        chosen = forward[:, torch.from_numpy(kept).to(forward.device)]
        return merge_chains(chosen, len(graph.nodes))

    @torch.no_grad()
    def associate(self, detections: ClipDetections, *, oracle: bool = False) -> Tensor:
        """Join the n detections of a clip.

        Args:
            detections: Of the clip.
            oracle: Let the ground truth decide instead of the network: what this graph allows.

        Returns:
            Chain of each detection, ``(n,)`` int64.
        """
        cluster = torch.arange(len(detections), device=detections.frames.device)
        for level, construct in enumerate(self.levels):
            graph = construct(detections, Tracklets.of(detections, cluster))
            if graph.edges.shape[1] == 0:
                continue
            scores = graph.labels
            if not oracle:
                scores = self.score(level, graph).logits[-1].sigmoid()
            cluster = self.merge(graph, scores)[cluster]
        return cluster

    def loss(self, clips: Sequence[ClipDetections], *, oracle: bool = False) -> dict[str, Tensor]:
        """Losses of a batch of clips: one for each active level and term.

        Args:
            clips: With identities, and text features where alignments are to learn from them.
            oracle: Join by the ground truth for the next level instead of the network's decisions.

        Returns:
            ``loss_l0_focal``, ``loss_l0_spg``, ``loss_l0_isg``, ``loss_l1_focal`` ...
        """
        clusters = [torch.arange(len(clip), device=clip.frames.device) for clip in clips]
        losses: dict[str, Tensor] = {}
        for level in range(self.active_levels):
            tracklets = [Tracklets.of(clip, cluster) for clip, cluster in zip(clips, clusters)]
            graphs = list(map(self.levels[level], clips, tracklets))
            graph = ClipGraph.cat(graphs)
            edge_scores = self.score(level, graph)
            for name, value in self._level_losses(
                level, graph, edge_scores=edge_scores, clips=clips, tracklets=tracklets
            ).items():
                losses[f'loss_l{level}_{name}'] = value
            if level + 1 == self.active_levels:
                break
            scores = graph.labels if oracle else edge_scores.logits[-1].sigmoid()
            for clip_index, single in enumerate(graphs):
                # A clip without candidates keeps its chains; the published code crashes there.
                if single.edges.shape[1]:
                    chains = self.merge(single, scores[graph.clip_of_edge == clip_index])
                    clusters[clip_index] = chains[clusters[clip_index]]
        return losses

    def _level_losses(
        self,
        level: int,
        graph: ClipGraph,
        *,
        edge_scores: EdgeScores,
        clips: Sequence[ClipDetections],
        tracklets: Sequence[Tracklets],
    ) -> dict[str, Tensor]:
        if graph.edges.shape[1] == 0:
            return dict(focal=self.level_vectors.weight.sum() * 0)
        if self.edge_loss is None:
            raise ValueError(
                'the hierarchy has no loss to be trained with: give its config an edge_loss, e.g. '
                "dict(type='FocalEdgeLoss')"
            )
        losses = dict(focal=self.edge_loss(edge_scores.logits, graph.labels))
        scene = self.scene_alignment
        if scene is not None and level in scene.levels:
            scenes = torch.stack([require_text(clip.scene, 'scene') for clip in clips])
            losses['spg'] = scene(edge_scores.edges, scenes, graph.clip_of_edge)
        instance = self.instance_alignment
        if instance is not None and self._aligns_instances(level, clips, tracklets):
            people = map(self._person_text, clips, tracklets)
            losses['isg'] = instance(edge_scores.hidden[None], torch.cat(list(people)))
        return losses

    def _aligns_instances(
        self, level: int, clips: Sequence[ClipDetections], tracklets: Sequence[Tracklets]
    ) -> bool:
        if self.published:
            return sum(map(len, clips)) == sum(map(len, tracklets))
        return self.instance_alignment is not None and level in self.instance_alignment.levels

    def _person_text(self, detections: ClipDetections, tracklets: Tracklets) -> Tensor:
        """Text features of each tracklet's person, ``(N, K)``; NaN where there are none."""
        features = require_text(detections.descriptions, 'instance')
        if self.published:
            return features
        agree = detections.identities == tracklets.identity[tracklets.cluster]
        text = features.new_full((len(tracklets), features.shape[1]), torch.nan)
        text[tracklets.cluster[agree]] = features[agree]
        return text


def require_text(features: Tensor | None, kind: str) -> Tensor:
    """Text features, or an error that says how to get them."""
    if features is None:
        raise ValueError(
            f'{kind}_alignment is on, but the clips have no text features: give the training set '
            'description_file (tools/dataset_converters/encode_descriptions.py makes it), or set '
            f'{kind}_alignment=None'
        )
    return features
