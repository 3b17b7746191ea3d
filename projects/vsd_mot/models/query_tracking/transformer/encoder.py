"""Deformable Transformer encoder (Deformable DETR, section 4; SPEC of MOTRv2's encoder)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from mmdet.models.layers import SinePositionalEncoding
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ...frames import FrameFeatures
from ...token_linear import TokenLinear, feed_forward
from .deformable_attention import DeformableAttention
from .layer_run import run_layer


class DeformableEncoderLayer(nn.Module):
    """Multi-scale deformable self-attention and an FFN, both post-norm.

    Args:
        embed_dims: Width C.
        num_heads: Attention heads.
        num_levels: Feature levels.
        num_points: Sampling points for each head and level.
        feedforward_channels: Hidden width of the FFN.
    """

    def __init__(
        self,
        *,
        embed_dims: int,
        num_heads: int,
        num_levels: int,
        num_points: int,
        feedforward_channels: int,
    ) -> None:
        super().__init__()
        self.self_attn = DeformableAttention(
            embed_dims, num_heads, num_levels=num_levels, num_points=num_points
        )
        self.norm1 = nn.LayerNorm(embed_dims)
        self.linear1 = TokenLinear(embed_dims, feedforward_channels)
        self.linear2 = TokenLinear(feedforward_channels, embed_dims)
        self.norm2 = nn.LayerNorm(embed_dims)

    def forward(
        self,
        tokens: Tensor,
        *,
        positions: Tensor,
        reference_points: Tensor,
        spatial_shapes: Sequence[tuple[int, int]],
    ) -> Tensor:
        """Run the layer.

        Args:
            tokens: Tokens of all levels, ``(B, S, C)``.
            positions: Their position encoding, ``(1, S, C)``; added to the query alone.
            reference_points: Pixel centres (x, y) in [0, 1], ``(1, S, levels, 2)``.
            spatial_shapes: (height, width) of each level.

        Returns:
            Tensor of shape ``(B, S, C)``.
        """
        points = reference_points.expand(tokens.shape[0], -1, -1, -1)
        attended = self.self_attn(tokens + positions, points, tokens, spatial_shapes=spatial_shapes)
        tokens = self.norm1(tokens + attended)
        return self.norm2(tokens + feed_forward(tokens, self.linear1, self.linear2))


@MODELS.register_module()
class DeformableEncoder(BaseModule):
    """Encodes frames of one size as a batch. It does not depend on any query.

    Frames carry no padding here (the tracker cuts it off before the backbone), so there is
    no mask, and the position encoding depends on the size alone.

    Args:
        num_layers: Layers. More cost time in every frame, most of it at high resolution.
        embed_dims: Width C.
        num_heads: Attention heads.
        num_levels: Feature levels, the neck's outputs.
        num_points: Sampling points for each head and level.
        feedforward_channels: Hidden width of the FFN.
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
        with_cp: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.layers = nn.ModuleList(
            DeformableEncoderLayer(
                embed_dims=embed_dims,
                num_heads=num_heads,
                num_levels=num_levels,
                num_points=num_points,
                feedforward_channels=feedforward_channels,
            )
            for _ in range(num_layers)
        )
        self.level_embeds = nn.Parameter(torch.randn(num_levels, embed_dims))
        self.position_encoding = SinePositionalEncoding(
            num_feats=embed_dims // 2, normalize=True, offset=-0.5
        )
        self.with_cp = with_cp

    def init_weights(self) -> None:
        """Xavier for the FFNs; the attention initialises itself."""
        super().init_weights()
        for module in self.layers:
            layer = cast(DeformableEncoderLayer, module)
            nn.init.xavier_uniform_(layer.linear1.weight)
            nn.init.xavier_uniform_(layer.linear2.weight)
            layer.self_attn.init_weights()

    def forward(self, features: Sequence[Tensor]) -> list[FrameFeatures]:
        """Encode the features of B frames of one size.

        Args:
            features: One map for each level, ``(B, C, h, w)``, finest first.

        Returns:
            The encoded tokens of each of the B frames.
        """
        tokens, spatial_shapes = self.tokens(features)
        return [FrameFeatures(memory, spatial_shapes) for memory in tokens]

    def tokens(self, features: Sequence[Tensor]) -> tuple[Tensor, list[tuple[int, int]]]:
        """Encode as :meth:`forward`; returns all tokens, ``(B, S, C)``, and the levels' sizes."""
        # Plain numbers: where the network is traced for export, a size is a tensor.
        spatial_shapes = [(int(level.shape[-2]), int(level.shape[-1])) for level in features]
        tokens = torch.cat([level.flatten(2).transpose(1, 2) for level in features], dim=1)
        geometry = dict(
            positions=self.positions(spatial_shapes, tokens.device),
            reference_points=pixel_centres(spatial_shapes, tokens.device),
            spatial_shapes=spatial_shapes,
        )
        for layer in self.layers:
            tokens = run_layer(layer, tokens, with_cp=self.with_cp, **geometry)
        return tokens, spatial_shapes

    def positions(self, spatial_shapes: Sequence[tuple[int, int]], device: torch.device) -> Tensor:
        """Add up the sine position and the level's embedding of each token, ``(1, S, C)``."""
        return torch.cat(
            [
                self.position_encoding(torch.zeros(1, *shape, device=device))
                .flatten(2)
                .transpose(1, 2)
                + embed
                for shape, embed in zip(spatial_shapes, self.level_embeds)
            ],
            dim=1,
        )


def pixel_centres(spatial_shapes: Sequence[tuple[int, int]], device: torch.device) -> Tensor:
    """Compute the centres (x, y) of all pixels of all levels in [0, 1], ``(1, S, levels, 2)``.

    A pixel's centre is the same on every level.
    """
    centres = []
    for height, width in spatial_shapes:
        y = (torch.arange(height, dtype=torch.float32, device=device) + 0.5) / height
        x = (torch.arange(width, dtype=torch.float32, device=device) + 0.5) / width
        grid_y, grid_x = torch.meshgrid(y, x, indexing='ij')
        centres.append(torch.stack((grid_x, grid_y), dim=-1).flatten(0, 1))
    return torch.cat(centres)[None, :, None].expand(-1, -1, len(spatial_shapes), -1)
