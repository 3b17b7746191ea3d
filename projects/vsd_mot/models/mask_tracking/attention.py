"""Attention between the places of frames, without matrices of all pairs."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

# Queries that look at everything at once: more need more memory, fewer more calls.
CHUNK = 512


def global_attention(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Let every query look at all keys: ``softmax(q k^T / sqrt(a)) v``, in chunks of queries.

    Args:
        queries: ``(B, N, a)``.
        keys: ``(B, M, a)``.
        values: ``(B, M, e)``.

    Returns:
        ``(B, N, e)``.
    """
    scaled = queries * queries.shape[-1] ** -0.5
    keys = keys.transpose(1, 2)
    parts = [(chunk @ keys).softmax(dim=-1) @ values for chunk in scaled.split(CHUNK, dim=1)]
    return torch.cat(parts, dim=1)


def local_attention(
    queries: Tensor, keys: Tensor, values: Tensor, *, relative: Tensor, size: tuple[int, int]
) -> Tensor:
    """Let every query look at the window around its own place in another frame.

    The map is cut into square tiles. The windows of a tile's queries lie in one square of keys,
    to which all of them attend with what is outside of their own window masked; tiles go row by
    row. Places outside of the map do not take part.

    Args:
        queries: ``(B, H * W, a)``.
        keys: ``(B, H * W, a)``, of the other frame.
        values: ``(B, H * W, e)``, of the other frame.
        relative: ``(B, H * W, s * s)``, added to the scores of the window's places, rows first;
            s, odd, is the side of the window.
        size: (H, W).

    Returns:
        ``(B, H * W, e)``.
    """
    height, width = size
    radius = (round(relative.shape[-1] ** 0.5) - 1) // 2
    tile = radius + 1  # so that also what pads the last tiles has a place of the map in its window
    rows, columns = -(-height // tile), -(-width // tile)
    padding = (0, 0, 0, columns * tile - width, 0, rows * tile - height)
    around = (0, 0, radius, padding[3] + radius, radius, padding[5] + radius)

    def tiles(tokens: Tensor) -> Tensor:
        """(B, rows, columns, tile * tile, C)."""
        grid = F.pad(tokens.unflatten(1, size), padding)
        grid = grid.unflatten(2, (columns, tile)).unflatten(1, (rows, tile))
        return grid.transpose(2, 3).flatten(3, 4)

    def neighbourhoods(grid: Tensor, row: int) -> Tensor:
        """(B, columns, span * span, C) of one row of tiles."""
        span = tile + 2 * radius
        band = grid[:, row * tile : row * tile + span]
        return band.unfold(2, span, tile).permute(0, 2, 1, 4, 3).flatten(2, 3)

    index, inside = window_index(tile, radius)
    index, inside = index.to(queries.device), inside.to(queries.device)
    queries = tiles(queries * queries.shape[-1] ** -0.5)
    relative = tiles(relative)
    keys, values = (F.pad(tokens.unflatten(1, size), around) for tokens in (keys, values))
    in_map = F.pad(queries.new_ones(1, height, width, 1), around)
    outputs = []
    for row in range(rows):
        scores = queries[:, row] @ neighbourhoods(keys, row).transpose(2, 3)
        bias = relative[:, row].gather(-1, index.expand(*scores.shape[:2], *index.shape))
        visible = inside & (neighbourhoods(in_map, row)[..., 0] > 0)[:, :, None]
        weights = (scores + bias).masked_fill(~visible, -torch.inf).softmax(dim=-1)
        outputs.append(weights @ neighbourhoods(values, row))
    output = torch.stack(outputs, dim=1).unflatten(3, (tile, tile)).transpose(2, 3)
    return output.flatten(3, 4).flatten(1, 2)[:, :height, :width].flatten(1, 2)


@lru_cache(maxsize=8)
def window_index(tile: int, radius: int) -> tuple[Tensor, Tensor]:
    """Where in its window a query of a tile finds the keys of the square around the tile.

    Args:
        tile: Side of the tile.
        radius: Of the window; the square reaches this far around the tile.

    Returns:
        ``(tile^2, span^2)``: place in the window, rows first (0 where the key is not in the
        window), and whether the key is in it; span is ``tile + 2 * radius``.
    """
    side, span = 2 * radius + 1, tile + 2 * radius
    step = torch.arange(span)[None] - torch.arange(tile)[:, None]  # (tile, span): 0..2 * radius
    inside = (step >= 0) & (step < side)
    both = inside[:, None, :, None] & inside[None, :, None, :]
    place = step[:, None, :, None] * side + step[None, :, None, :]
    shape = tile * tile, span * span
    return (place * both).reshape(shape), both.reshape(shape)
