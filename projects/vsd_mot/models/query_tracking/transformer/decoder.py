"""Deformable Transformer decoder whose references are boxes (DAB-Deformable-DETR, MOTRv2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ...frames import FrameFeatures
from .attention import without_cudnn_attention
from .deformable_attention import DeformableAttention
from .layer_run import run_layer
from .positional_encoding import box_embedding


@dataclass
class DecoderOutput:
    """What the decoder predicts for a frame's n queries.

    Attributes:
        states: Last layer's hidden states, ``(n, C)``.
        logits: Class logits of the layers, ``(layers, n, classes)``; of the last layer alone,
            ``layers`` = 1, where inner class branches were not asked for.
        boxes: Normalised boxes (cx, cy, w, h) of all layers, ``(layers, n, 4)``.
    """

    states: Tensor
    logits: Tensor
    boxes: Tensor

    def __getitem__(self, index: slice) -> DecoderOutput:
        """Return the part of the queries that ``index`` selects."""
        return DecoderOutput(self.states[index], self.logits[:, index], self.boxes[:, index])


class PredictionHead(Protocol):
    """What turns the decoder's states into predictions."""

    def classify(self, layer: int, states: Tensor) -> Tensor:
        """Return class logits (..., n, classes) of a layer's states (..., n, C)."""
        ...

    def refine(self, layer: int, states: Tensor, references: Tensor) -> Tensor:
        """Return the normalised boxes (..., n, 4) that a layer moves its references to."""
        ...


class DeformableDecoderLayer(nn.Module):
    """Self-attention, deformable cross-attention and FFN, all post-norm.

    Args:
        embed_dims: Width C.
        num_heads: Attention heads.
        num_levels: Feature levels.
        num_points: Sampling points for each head and level.
        feedforward_channels: Hidden width of the FFN.
        position_periods: Periods of the fastest sine of a box's embedding over the frame.
    """

    def __init__(
        self,
        *,
        embed_dims: int,
        num_heads: int,
        num_levels: int,
        num_points: int,
        feedforward_channels: int,
        position_periods: float,
    ) -> None:
        super().__init__()
        self.position_periods = position_periods
        self.self_attn = nn.MultiheadAttention(embed_dims, num_heads, batch_first=True)
        self.self_attn_norm = nn.LayerNorm(embed_dims)
        self.cross_attn = DeformableAttention(
            embed_dims, num_heads, num_levels=num_levels, num_points=num_points
        )
        self.cross_attn_norm = nn.LayerNorm(embed_dims)
        self.linear1 = nn.Linear(embed_dims, feedforward_channels)
        self.linear2 = nn.Linear(feedforward_channels, embed_dims)
        self.ffn_norm = nn.LayerNorm(embed_dims)

    def forward(
        self,
        contents: Tensor,
        *,
        reference_boxes: Tensor,
        memory: Tensor,
        spatial_shapes: Sequence[tuple[int, int]],
        attn_mask: Tensor | None,
    ) -> Tensor:
        """Run the layer.

        Args:
            contents: Query contents, ``(1, n, C)``.
            reference_boxes: Normalised boxes (cx, cy, w, h), ``(1, n, 4)``.
            memory: Encoded tokens of the frame, ``(1, S, C)``.
            spatial_shapes: (height, width) of each level.
            attn_mask: ``(n, n)``, True where a query (row) may not attend to another (column).

        Returns:
            Tensor of shape ``(1, n, C)``.
        """
        positions = box_embedding(reference_boxes, contents.shape[-1], self.position_periods)
        positions = positions.to(contents.dtype)
        query = contents + positions
        with without_cudnn_attention(query):
            attended = self.self_attn(
                query, query, contents, attn_mask=attn_mask, need_weights=False
            )
        contents = self.self_attn_norm(contents + attended[0])
        attended = self.cross_attn(
            contents + positions, reference_boxes, memory, spatial_shapes=spatial_shapes
        )
        contents = self.cross_attn_norm(contents + attended)
        return self.ffn_norm(contents + self.linear2(self.linear1(contents).relu()))


@MODELS.register_module()
class DeformableDecoder(BaseModule):
    """Refines a frame's queries, layer by layer, around their reference boxes.

    The content goes in as it is; the positional term of each layer is the sine embedding of
    the current box. After a layer its box branch moves the box in inverse-sigmoid space, and
    the moved box, detached, is the next layer's reference.

    Args:
        num_layers: Layers. More refine boxes further, at the cost of time in every frame.
        embed_dims: Width C.
        num_heads: Attention heads.
        num_levels: Feature levels.
        num_points: Sampling points for each head and level.
        feedforward_channels: Hidden width of the FFN.
        position_periods: Periods of the fastest sine of a box's embedding over the frame; 1 as
            published. More lets a short training tell neighbours apart.
        with_cp: Recompute each layer in the backward pass instead of keeping its activations:
            less memory, about a third more time in training.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
        num_layers: int = 6,
        embed_dims: int = 256,
        num_heads: int = 8,
        num_levels: int = 4,
        num_points: int = 4,
        feedforward_channels: int = 1024,
        position_periods: float = 1.0,
        with_cp: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.layers = nn.ModuleList(
            DeformableDecoderLayer(
                embed_dims=embed_dims,
                num_heads=num_heads,
                num_levels=num_levels,
                num_points=num_points,
                feedforward_channels=feedforward_channels,
                position_periods=position_periods,
            )
            for _ in range(num_layers)
        )
        self.with_cp = with_cp

    def init_weights(self) -> None:
        """Xavier for attention and FFNs; the deformable attention initialises itself."""
        super().init_weights()
        for layer in self.layers:
            for parameter in layer.parameters():
                if parameter.dim() > 1:
                    nn.init.xavier_uniform_(parameter)
            cast(DeformableDecoderLayer, layer).cross_attn.init_weights()

    def forward(
        self,
        contents: Tensor,
        reference_boxes: Tensor,
        *,
        features: FrameFeatures,
        head: PredictionHead,
        attn_mask: Tensor | None = None,
        inner_classes: bool = True,
    ) -> DecoderOutput:
        """Decode the queries of one frame.

        Args:
            contents: Query contents, ``(n, C)``; n may be 0.
            reference_boxes: Normalised boxes (cx, cy, w, h), ``(n, 4)``, used as they are.
            features: The encoded frame.
            head: Class and box branches, one pair for each layer (:class:`MOTRHead`).
            attn_mask: ``(n, n)``, True where a query (row) may not attend to another (column).
            inner_classes: Whether the class branches of the inner layers are wanted, too.
                Tracking needs the last one alone.

        Returns:
            Hidden states, logits and boxes.
        """
        contents = contents[None]
        references = reference_boxes[None]
        memory = features.memory[None]
        logits, boxes = [], []
        for index, layer in enumerate(self.layers):
            contents = run_layer(
                layer,
                contents,
                with_cp=self.with_cp,
                reference_boxes=references,
                memory=memory,
                spatial_shapes=features.spatial_shapes,
                attn_mask=attn_mask,
            )
            refined = head.refine(index, contents, references)
            if inner_classes or index == len(self.layers) - 1:
                logits.append(head.classify(index, contents))
            boxes.append(refined)
            references = refined.detach()
        return DecoderOutput(contents[0], torch.cat(logits), torch.cat(boxes))
