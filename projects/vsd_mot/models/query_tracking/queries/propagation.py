"""Hands tracks on from a frame to the next one (MOTR's query interaction module)."""

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_overlaps
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ..transformer import box_embedding, without_cudnn_attention
from .query_set import QuerySet


@MODELS.register_module()
class QueryInteraction(BaseModule):
    """Query interaction module as in MOTRv2 (QIM v2).

    Tracks attend to each other, and those that are visible in the frame get a new content and
    take the predicted box as their reference. Those that were missed are handed on unchanged.

    Args:
        embed_dims: Width C.
        num_heads: Attention heads.
        feedforward_channels: Hidden width of both FFNs.
        score_threshold: A track with a score above it is visible. Raising it keeps content and
            reference of unsure tracks as they were.
        random_drop: Probability that a track is dropped in training (MOTR, section 3.4). The
            published MOTRv2 configuration has 0.1, but its code never does it. Raising it trains
            more for people who come back, with fewer tracks to learn continuity from.
        fp_ratio: Share of the tracks beside which the overlapping inactive query is carried on in
            training, as a false positive (same section; published 0.3, never done). Raising it
            teaches more to end false tracks.
        position_periods: Periods of the fastest sine of a box's embedding over the frame; 1 as
            published. Raising it separates neighbours more, and keep it equal to the decoder's.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        embed_dims: int = 256,
        num_heads: int = 8,
        feedforward_channels: int = 1024,
        score_threshold: float = 0.5,
        random_drop: float = 0.0,
        fp_ratio: float = 0.0,
        position_periods: float = 1.0,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.score_threshold = score_threshold
        self.random_drop = random_drop
        self.fp_ratio = fp_ratio
        self.position_periods = position_periods
        self.self_attn = nn.MultiheadAttention(embed_dims, num_heads, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dims)
        self.linear1 = nn.Linear(embed_dims, feedforward_channels)
        self.linear2 = nn.Linear(feedforward_channels, embed_dims)
        self.norm2 = nn.LayerNorm(embed_dims)
        self.linear_feat1 = nn.Linear(embed_dims, feedforward_channels)
        self.linear_feat2 = nn.Linear(feedforward_channels, embed_dims)
        self.norm_feat = nn.LayerNorm(embed_dims)

    def init_weights(self) -> None:
        """Xavier for every matrix."""
        super().init_weights()
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Choose the tracks of a frame and make their queries for the next one.

        Args:
            queries: All n queries of the frame, with this frame's identities and scores.
            states: Their last hidden states, ``(n, C)``.
            boxes: Their predicted boxes, normalised (cx, cy, w, h), ``(n, 4)``.

        Returns:
            The tracks, in the order of the queries.
        """
        if self.training:
            keep = self.training_survivors(queries, boxes)
            misplaced = queries.ious <= 0.5
            queries = queries.replace(track_ids=queries.track_ids.masked_fill(misplaced, -1))
        else:
            keep = torch.nonzero(queries.track_ids >= 0).flatten()
        return self.update(queries[keep], states[keep], boxes[keep].detach())

    def training_survivors(self, queries: QuerySet, boxes: Tensor) -> Tensor:
        """Return indices of the queries to hand on: with an identity, or with a high score.

        ``random_drop`` and ``fp_ratio`` imitate the errors of inference: a dropped track must
        be detected anew, and a false positive must be silenced.
        """
        active = (queries.track_ids >= 0) | (queries.scores > self.score_threshold)
        if self.random_drop > 0:
            active &= torch.rand(len(queries), device=active.device) >= self.random_drop
        keep = torch.nonzero(active).flatten()
        if self.fp_ratio > 0:
            inactive = torch.nonzero(~active & (queries.track_ids < 0)).flatten()
            chosen = keep[torch.rand(len(keep), device=keep.device) < self.fp_ratio]
            if len(chosen) and len(inactive):
                corners = bbox_cxcywh_to_xyxy(boxes.detach())
                overlaps = bbox_overlaps(corners[chosen], corners[inactive])
                keep = torch.cat((keep, inactive[overlaps.argmax(dim=1).unique()]))
        return keep

    def update(self, tracks: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Return new contents and reference boxes of the visible tracks.

        Args:
            tracks: m tracks.
            states: Their last hidden states, ``(m, C)``.
            boxes: Their predicted boxes, normalised (cx, cy, w, h), detached, ``(m, 4)``.

        Returns:
            The same m tracks.
        """
        visible = (tracks.scores > self.score_threshold)[:, None]
        references = torch.where(visible, boxes, tracks.reference_boxes)
        positions = box_embedding(references, states.shape[-1], self.position_periods)
        query = (states + positions.to(states.dtype))[None]
        with without_cudnn_attention(query):
            attended = self.self_attn(query, query, states[None], need_weights=False)[0][0]
        interaction = self.norm1(states + attended)
        interaction = self.norm2(interaction + self.linear2(self.linear1(interaction).relu()))
        update = self.linear_feat2(self.linear_feat1(interaction).relu())
        contents = torch.where(visible, self.norm_feat(tracks.contents + update), tracks.contents)
        return tracks.replace(reference_boxes=references, contents=contents)
