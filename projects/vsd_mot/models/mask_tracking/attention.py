"""Attention between the places of frames, without matrices of all pairs."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from ..token_linear import product

# Queries that look at everything at once: more need more memory, fewer more calls.
CHUNK = 512
# Places of a map up to which products of all pairs are cheaper than cutting it into tiles.
SMALL = 512


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
    columns = values.transpose(1, 2).contiguous()
    parts = [
        product(product(chunk, keys).softmax(dim=-1), columns)
        for chunk in scaled.split(CHUNK, dim=1)
    ]
    return torch.cat(parts, dim=1)


def local_attention(
    queries: Tensor, keys: Tensor, values: Tensor, *, relative: Tensor, size: tuple[int, int]
) -> Tensor:
    """Let every query look at the window around its own place in another frame.

    Places outside of the map do not take part.

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
    whole = queries.shape[1] <= SMALL
    attend = masked_window_attention if whole else tiled_window_attention
    return attend(queries * queries.shape[-1] ** -0.5, keys, values, relative=relative, size=size)


def masked_window_attention(
    queries: Tensor, keys: Tensor, values: Tensor, *, relative: Tensor, size: tuple[int, int]
) -> Tensor:
    """Attend to all of a small map with what is outside of the windows masked.

    Args:
        queries: Scaled; else all as :func:`local_attention`, as is the result.
        keys: See there.
        values: See there.
        relative: See there.
        size: See there.
    """
    radius = window_radius(relative)
    index, inside = window_index(size, size, radius=radius, margin=radius)
    index, inside = index.to(queries.device), inside.to(queries.device)
    bias = relative.gather(-1, index.expand(len(queries), *index.shape))
    scores = queries @ keys.transpose(1, 2) + bias
    return scores.masked_fill(~inside, -torch.inf).softmax(dim=-1) @ values


def tiled_window_attention(
    queries: Tensor, keys: Tensor, values: Tensor, *, relative: Tensor, size: tuple[int, int]
) -> Tensor:
    """Attend to windows tile by tile.

    The map is cut into square tiles. The windows of a tile's queries lie in one square of keys,
    to which all of them attend with what is outside of their own window masked; tiles go row by
    row.

    Args:
        queries: Scaled; else all as :func:`local_attention`, as is the result.
        keys: See there.
        values: See there.
        relative: See there.
        size: See there.
    """
    height, width = size
    radius = window_radius(relative)
    tile = radius + 1  # so that also what pads the last tiles has a place of the map in its window
    span = tile + 2 * radius
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
        band = grid[:, row * tile : row * tile + span]
        return band.unfold(2, span, tile).permute(0, 2, 1, 4, 3).flatten(2, 3)

    index, inside = window_index((tile, tile), (span, span), radius=radius, margin=0)
    index, inside = index.to(queries.device), inside.to(queries.device)
    queries, relative = tiles(queries), tiles(relative)
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


def window_radius(relative: Tensor) -> int:
    """Return how far windows of ``(..., s * s)`` places reach."""
    return (round(relative.shape[-1] ** 0.5) - 1) // 2


@lru_cache(maxsize=8)
def window_index(
    queries: tuple[int, int], keys: tuple[int, int], *, radius: int, margin: int
) -> tuple[Tensor, Tensor]:
    """Where in its window each query of a map finds the keys of another.

    Args:
        queries: (h, w) of the map of queries.
        keys: (H, W) of the map of keys.
        radius: Of the windows.
        margin: How far the windows of the first query reach beyond the map of keys, above and on
            the left.

    Returns:
        ``(h * w, H * W)``: place in the window, rows first (0 where the key is not in the window),
        and whether the key is in it.
    """
    side = 2 * radius + 1
    down, right = (
        torch.arange(outer)[None] - torch.arange(inner)[:, None] + margin
        for inner, outer in zip(queries, keys)
    )
    rows, columns = ((step >= 0) & (step < side) for step in (down, right))
    both = rows[:, None, :, None] & columns[None, :, None, :]
    place = down[:, None, :, None] * side + right[None, :, None, :]
    shape = queries[0] * queries[1], keys[0] * keys[1]
    return (place * both).reshape(shape), both.reshape(shape)
