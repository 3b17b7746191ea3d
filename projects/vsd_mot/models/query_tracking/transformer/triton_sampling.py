"""Deformable sampling as Triton kernels: one pass forward, one backward, nothing kept between.

Importing this needs the package triton, which torch for CUDA brings.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.autograd.function import once_differentiable

# Rows (a head of a query of a frame) of a program: with 32 channels 512 values, 4 a thread.
ROWS = 16


@triton.jit
def _add(a, b):
    return a + b


@triton.jit
def _level(levels, level):
    """Return height, width and first token of a level."""
    first = levels + 3 * level
    return tl.load(first), tl.load(first + 1), tl.load(first + 2)


@triton.jit
def _location(location, known, width, height):
    """Return samples' (x, y) in cells of the map, from the middle of the first."""
    x = tl.load(location, mask=known, other=0.0) * width - 0.5
    y = tl.load(location + 1, mask=known, other=0.0) * height - 0.5
    return x, y


@triton.jit
def _corner(x, y, corner: tl.constexpr, width, height):
    """Return a corner's place in the map, its share of the sample, and that share's slopes."""
    left, top = tl.floor(x), tl.floor(y)
    right, below = x - left, y - top
    column = left + corner % 2
    line = top + corner // 2
    along = right if corner % 2 == 1 else 1 - right
    down = below if corner // 2 == 1 else 1 - below
    # False for what is no number, too
    inside = (column >= 0) & (column < width) & (line >= 0) & (line < height)
    place = tl.where(inside, line * width + column, 0.0).to(tl.int64)
    share = tl.where(inside, along * down, 0.0)
    slope_x = tl.where(inside, down if corner % 2 == 1 else -down, 0.0)
    slope_y = tl.where(inside, along if corner // 2 == 1 else -along, 0.0)
    return place, inside, share, slope_x, slope_y


@triton.jit
def _forward(
    value,
    levels,
    locations,
    weights,
    output,
    num_rows,
    rows_per_frame,
    tokens,
    heads,
    depth,
    num_levels: tl.constexpr,
    points: tl.constexpr,
    block_rows: tl.constexpr,
    block_depth: tl.constexpr,
):
    rows = tl.program_id(0).to(tl.int64) * block_rows + tl.arange(0, block_rows)
    lanes = tl.arange(0, block_depth)
    known = rows < num_rows
    used = known[:, None] & (lanes < depth)[None, :]
    first = rows // rows_per_frame * tokens
    total = tl.full((block_rows, block_depth), 0.0, output.dtype.element_ty)
    for level in range(num_levels):
        height, width, start = _level(levels, level)
        for point in range(points):
            sample = (rows * num_levels + level) * points + point
            x, y = _location(locations + 2 * sample, known, width, height)
            weight = tl.load(weights + sample, mask=known, other=0.0)
            for corner in tl.static_range(4):
                place, inside, share, _, _ = _corner(x, y, corner, width, height)
                token = (first + start + place) * heads + rows % heads
                read = used & inside[:, None]
                elements = token[:, None] * depth + lanes[None, :]
                total += (weight * share)[:, None] * tl.load(value + elements, mask=read, other=0.0)
    tl.store(output + rows[:, None] * depth + lanes[None, :], total, mask=used)


@triton.jit
def _backward(
    value,
    levels,
    locations,
    weights,
    grad_output,
    grad_value,
    grad_locations,
    grad_weights,
    num_rows,
    rows_per_frame,
    tokens,
    heads,
    depth,
    num_levels: tl.constexpr,
    points: tl.constexpr,
    block_rows: tl.constexpr,
    block_depth: tl.constexpr,
):
    rows = tl.program_id(0).to(tl.int64) * block_rows + tl.arange(0, block_rows)
    lanes = tl.arange(0, block_depth)
    known = rows < num_rows
    used = known[:, None] & (lanes < depth)[None, :]
    first = rows // rows_per_frame * tokens
    grad = tl.load(grad_output + rows[:, None] * depth + lanes[None, :], mask=used, other=0.0)
    for level in range(num_levels):
        height, width, start = _level(levels, level)
        for point in range(points):
            sample = (rows * num_levels + level) * points + point
            x, y = _location(locations + 2 * sample, known, width, height)
            weight = tl.load(weights + sample, mask=known, other=0.0)
            by_weight = tl.full((block_rows,), 0.0, grad.dtype)
            by_x = tl.full((block_rows,), 0.0, grad.dtype)
            by_y = tl.full((block_rows,), 0.0, grad.dtype)
            for corner in tl.static_range(4):
                place, inside, share, slope_x, slope_y = _corner(x, y, corner, width, height)
                token = (first + start + place) * heads + rows % heads
                read = used & inside[:, None]
                elements = token[:, None] * depth + lanes[None, :]
                dot = tl.reduce(tl.load(value + elements, mask=read, other=0.0) * grad, 1, _add)
                by_weight += share * dot
                by_x += slope_x * dot
                by_y += slope_y * dot
                tl.atomic_add(grad_value + elements, (weight * share)[:, None] * grad, mask=read)
            tl.store(grad_weights + sample, by_weight, mask=known)
            tl.store(grad_locations + 2 * sample, by_x * weight * width, mask=known)
            tl.store(grad_locations + 2 * sample + 1, by_y * weight * height, mask=known)


@functools.lru_cache(64)
def _levels(spatial_shapes: tuple[tuple[int, int], ...], device: torch.device) -> Tensor:
    """Return height, width and first token of each level, int32 (levels, 3)."""
    shapes = torch.tensor(spatial_shapes, dtype=torch.int32)
    starts = shapes.prod(1).cumsum(0) - shapes.prod(1)
    return torch.cat((shapes, starts[:, None]), 1).to(torch.int32).to(device)


class TritonSampling(torch.autograd.Function):
    """Deformable sampling by kernels; call :func:`triton_deformable_sampling`."""

    @staticmethod
    def forward(ctx, value: Tensor, levels: Tensor, locations: Tensor, weights: Tensor) -> Tensor:
        """See :func:`triton_deformable_sampling`; contiguous, one floating dtype."""
        ctx.save_for_backward(value, levels, locations, weights)
        output = value.new_empty(*weights.shape[:3], value.shape[3])
        _launch(_forward, (value, levels, locations, weights, output), weights=weights, value=value)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """Read the samples again rather than keep them."""
        value, levels, locations, weights = ctx.saved_tensors
        grads = torch.zeros_like(value), torch.empty_like(locations), torch.empty_like(weights)
        arguments = (value, levels, locations, weights, grad_output.contiguous(), *grads)
        _launch(_backward, arguments, weights=weights, value=value)
        return grads[0], None, grads[1], grads[2]


def _launch(kernel, arguments: tuple[Tensor, ...], *, weights: Tensor, value: Tensor) -> None:
    batch, queries, heads, num_levels, points = weights.shape
    rows = batch * queries * heads
    if rows == 0:
        return
    with torch.cuda.device_of(value):
        kernel[(triton.cdiv(rows, ROWS),)](
            *arguments,
            rows,
            queries * heads,
            value.shape[1],
            heads,
            value.shape[3],
            num_levels=num_levels,
            points=points,
            block_rows=ROWS,
            block_depth=triton.next_power_of_2(value.shape[3]),
        )


def triton_deformable_sampling(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values by Triton kernels, in float32 at least.

    What several samples add to the gradient of one token is added in no fixed order.

    Args:
        value: (B, S, heads, d) on a GPU, the tokens of all levels, level by level in row order.
        spatial_shapes: (height, width) of each level; they sum up to S.
        locations: (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.
        weights: (B, Q, heads, levels, points).

    Returns:
        (B, Q, heads * d), dtype of ``value``.
    """
    dtype = torch.promote_types(value.dtype, torch.float32)
    shapes = tuple((int(height), int(width)) for height, width in spatial_shapes)
    with torch.autocast(value.device.type, enabled=False):
        output = TritonSampling.apply(
            value.to(dtype).contiguous(),
            _levels(shapes, value.device),
            locations.to(dtype).contiguous(),
            weights.to(dtype).contiguous(),
        )
    return output.flatten(2).to(value.dtype)
