"""HQTrack's costly parts computed as its published code does, for comparison only.

Written from the specification: all sampling points at once, attention over all pairs, the window's
weights scattered into a matrix of all pairs, and torch's own matrix products. The numbers are the
same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.nn import functional as F

from ...models.mask_tracking import dcnv3, gated_propagation
from ...models.token_linear import TokenLinear

POINTS = dcnv3.POINTS


def sample_points(value: Tensor, offsets: Tensor, weights: Tensor) -> Tensor:
    """Sample all nine points of all places in one grid; see :func:`dcnv3.sample_points`."""
    batch, height, width, groups = weights.shape[:4]
    # The published core pads the map by one and samples with coordinates of the padded map.
    maps = F.pad(value, (0, 0, 1, 1, 1, 1))
    maps = maps.unflatten(-1, (groups, -1)).permute(0, 3, 4, 1, 2).flatten(0, 1)
    points = torch.arange(POINTS)
    rows = torch.arange(height)[:, None, None, None] + 1.0 + points % 3 - 1
    columns = torch.arange(width)[:, None, None] + 1.0 + points // 3 - 1
    x = (2 * (offsets[..., 0] + columns) + 1) / (width + 2) - 1
    y = (2 * (offsets[..., 1] + rows) + 1) / (height + 2) - 1
    grid = torch.stack((x, y), dim=-1).permute(0, 3, 1, 2, 4, 5)
    grid = grid.reshape(batch * groups, height * width, POINTS, 2)
    sampled = F.grid_sample(maps, grid, align_corners=False)
    shares = weights.permute(0, 3, 1, 2, 4).reshape(batch * groups, 1, height * width, POINTS)
    total = (sampled * shares).sum(dim=-1)
    return total.reshape(batch, -1, height, width).permute(0, 2, 3, 1).contiguous()


def global_attention(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Attend with one matrix of all pairs; see :func:`attention.global_attention`."""
    scores = queries / queries.shape[-1] ** 0.5 @ keys.transpose(1, 2)
    return scores.softmax(dim=-1) @ values


def local_attention(
    queries: Tensor, keys: Tensor, values: Tensor, *, relative: Tensor, size: tuple[int, int]
) -> Tensor:
    """Attend to windows through a matrix of all pairs; see :func:`attention.local_attention`."""
    height, width = size
    side = round(relative.shape[-1] ** 0.5)
    radius = side // 2
    batch, count = queries.shape[:2]
    around = (0, 0, radius, radius, radius, radius)
    scaled = (queries / queries.shape[-1] ** 0.5).unflatten(1, size)
    padded = F.pad(keys.unflatten(1, size), around)
    in_map = F.pad(queries.new_ones(1, height, width, 1), around)
    scores, outside = [], []
    for row in range(side):
        for column in range(side):
            part = shifted(row, column, size)
            scores.append((scaled * padded[part]).sum(dim=-1).flatten(1))
            outside.append(in_map[part].flatten(1) == 0)
    biased = torch.stack(scores, dim=-1) + relative - 1e8 * torch.stack(outside, dim=-1)
    weights = biased.softmax(dim=-1)
    wide = width + 2 * radius
    full = queries.new_zeros(batch, count, (height + 2 * radius) * wide)
    places = torch.arange(height)[:, None] * wide + torch.arange(width)
    window = torch.arange(side)[:, None] * wide + torch.arange(side)
    index = places.flatten()[:, None] + window.flatten()
    full.scatter_(2, index.expand(batch, -1, -1), weights)
    return full @ F.pad(values.unflatten(1, size), around).flatten(1, 2)


def shifted(row: int, column: int, size: tuple[int, int]) -> tuple[slice, slice, slice]:
    """Return where a shifted map lies in the padded one, for all of a batch."""
    return slice(None), slice(row, row + size[0]), slice(column, column + size[1])


@contextmanager
def published_form() -> Iterator[None]:
    """While it lasts, VMOS computes as published."""
    ours = (
        dcnv3.gather_points,
        gated_propagation.global_attention,
        gated_propagation.local_attention,
    )
    dcnv3.gather_points = sample_points
    gated_propagation.global_attention = global_attention
    gated_propagation.local_attention = local_attention
    TokenLinear.plain = True
    try:
        yield
    finally:
        TokenLinear.plain = False
        dcnv3.gather_points = ours[0]
        gated_propagation.global_attention, gated_propagation.local_attention = ours[1:]
