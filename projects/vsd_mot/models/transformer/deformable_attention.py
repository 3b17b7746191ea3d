"""Multi-scale deformable attention (Deformable DETR, equations 2 and 3)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from mmtrack.registry import MODELS
from torch import Tensor, nn


def naive_deformable_sampling(
    value: Tensor, spatial_shapes: list[tuple[int, int]], locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values, one ``grid_sample`` per level: the reference form.

    Args:
        value (Tensor): (B, S, heads, d), the tokens of all levels, level by level in row order.
        spatial_shapes (list[tuple[int, int]]): (height, width) of each level; they sum up to S.
        locations (Tensor): (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.
            Outside of the map everything is zero.
        weights (Tensor): (B, Q, heads, levels, points).

    Returns:
        Tensor: (B, Q, heads * d).
    """
    batch, _, heads, depth = value.shape
    num_queries, num_points = locations.shape[1], locations.shape[4]
    grids = 2 * locations - 1
    sampled = []
    for level, tokens in enumerate(value.split([h * w for h, w in spatial_shapes], dim=1)):
        maps = (
            tokens.flatten(2).transpose(1, 2).reshape(batch * heads, depth, *spatial_shapes[level])
        )
        grid = (
            grids[:, :, :, level].transpose(1, 2).reshape(batch * heads, num_queries, num_points, 2)
        )
        sampled.append(
            F.grid_sample(maps, grid, mode='bilinear', padding_mode='zeros', align_corners=False)
        )
    # (B * heads, d, Q, levels * points) times (B * heads, 1, Q, levels * points)
    weights = weights.transpose(1, 2).flatten(-2).flatten(0, 1)[:, None]
    output = (torch.stack(sampled, dim=-2).flatten(-2) * weights).sum(-1)
    return output.view(batch, heads * depth, num_queries).transpose(1, 2).contiguous()


def deformable_sampling(
    value: Tensor, spatial_shapes: list[tuple[int, int]], locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values; arguments and result of :func:`naive_deformable_sampling`."""
    return naive_deformable_sampling(value, spatial_shapes, locations, weights)


@MODELS.register_module()
class DeformableAttention(nn.Module):
    """Multi-scale deformable attention.

    No residual, no dropout and no normalisation: those belong to the layer that owns it.

    Args:
        embed_dims (int): Width C. Defaults to 256.
        num_heads (int): Attention heads; must divide ``embed_dims``. Defaults to 8.
        num_levels (int): Feature levels. Defaults to 4.
        num_points (int): Sampling points of each head on each level. Defaults to 4.
    """

    def __init__(
        self, embed_dims: int = 256, num_heads: int = 8, num_levels: int = 4, num_points: int = 4
    ) -> None:
        super().__init__()
        if embed_dims % num_heads:
            raise ValueError(
                f'embed_dims ({embed_dims}) must be a multiple of num_heads ({num_heads})'
            )
        self.embed_dims = embed_dims
        self.num_heads = num_heads
        self.num_levels = num_levels
        self.num_points = num_points
        samples = num_heads * num_levels * num_points
        self.sampling_offsets = nn.Linear(embed_dims, samples * 2)
        self.attention_weights = nn.Linear(embed_dims, samples)
        self.value_proj = nn.Linear(embed_dims, embed_dims)
        self.output_proj = nn.Linear(embed_dims, embed_dims)
        self.init_weights()

    def init_weights(self) -> None:
        """Each head looks in a direction of its own, its points 1, 2, ... pixels away."""
        nn.init.zeros_(self.sampling_offsets.weight)
        angles = torch.arange(self.num_heads, dtype=torch.float32) * (2 * math.pi / self.num_heads)
        directions = torch.stack([angles.cos(), angles.sin()], dim=-1)
        # on the unit square instead of the unit circle: 8 heads hit the 8 neighbouring pixels
        directions = directions / directions.abs().amax(dim=-1, keepdim=True)
        steps = torch.arange(1, self.num_points + 1, dtype=torch.float32)
        grid = directions[:, None, None] * steps[:, None]
        with torch.no_grad():
            self.sampling_offsets.bias.copy_(grid.repeat(1, self.num_levels, 1, 1).flatten())
        nn.init.zeros_(self.attention_weights.weight)
        nn.init.zeros_(self.attention_weights.bias)
        for projection in (self.value_proj, self.output_proj):
            nn.init.xavier_uniform_(projection.weight)
            nn.init.zeros_(projection.bias)

    def sampling_locations(
        self, query: Tensor, reference_points: Tensor, spatial_shapes: list[tuple[int, int]]
    ) -> Tensor:
        """Where each query looks.

        Args:
            query (Tensor): (B, Q, C).
            reference_points (Tensor): (B, Q, levels, 2) points, whose offsets are counted in
                pixels of the level, or (B, Q, 4) boxes (cx, cy, w, h), whose offsets are counted
                in half box sizes, ``num_points`` of them at the first initialisation.
            spatial_shapes (list[tuple[int, int]]): (height, width) of each level.

        Returns:
            Tensor: (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.

        Raises:
            ValueError: The reference points have another shape.
        """
        batch, num_queries, _ = query.shape
        offsets = self.sampling_offsets(query).view(
            batch, num_queries, self.num_heads, self.num_levels, self.num_points, 2
        )
        if reference_points.shape == (batch, num_queries, self.num_levels, 2):
            sizes = offsets.new_tensor([[w, h] for h, w in spatial_shapes])
            return reference_points[:, :, None, :, None] + offsets / sizes[:, None]
        if reference_points.shape == (batch, num_queries, 4):
            centres, sizes = reference_points[:, :, None, None, None].split(2, dim=-1)
            return centres + offsets / self.num_points * sizes * 0.5
        raise ValueError(
            f'reference_points must be ({batch}, {num_queries}, {self.num_levels}, 2) points or '
            f'({batch}, {num_queries}, 4) boxes, got {tuple(reference_points.shape)}'
        )

    def forward(
        self,
        query: Tensor,
        reference_points: Tensor,
        value: Tensor,
        spatial_shapes: list[tuple[int, int]],
        padding_mask: Tensor | None = None,
    ) -> Tensor:
        """Attend from each query to a few points around its reference.

        Args:
            query (Tensor): (B, Q, C), positional encoding included.
            reference_points (Tensor): (B, Q, levels, 2) or (B, Q, 4), see
                :meth:`sampling_locations`. In units of the padded maps.
            value (Tensor): (B, S, C), the tokens of all levels, without positional encoding.
            spatial_shapes (list[tuple[int, int]]): (height, width) of each level.
            padding_mask (Tensor | None): bool (B, S), True at padding, which then counts as zero.

        Returns:
            Tensor: (B, Q, C).

        Raises:
            ValueError: Shapes that do not belong together.
        """
        batch, num_queries, _ = query.shape
        num_tokens = sum(h * w for h, w in spatial_shapes)
        if len(spatial_shapes) != self.num_levels or value.shape[1] != num_tokens:
            raise ValueError(
                f'{value.shape[1]} tokens do not fill the {self.num_levels} levels {spatial_shapes}'
            )
        value = self.value_proj(value)
        if padding_mask is not None:
            value = value.masked_fill(padding_mask[..., None], 0.0)
        value = value.unflatten(-1, (self.num_heads, self.embed_dims // self.num_heads))
        weights = self.attention_weights(query).view(
            batch, num_queries, self.num_heads, self.num_levels * self.num_points
        )
        weights = weights.softmax(-1).unflatten(-1, (self.num_levels, self.num_points))
        locations = self.sampling_locations(query, reference_points, spatial_shapes)
        return self.output_proj(deformable_sampling(value, spatial_shapes, locations, weights))
