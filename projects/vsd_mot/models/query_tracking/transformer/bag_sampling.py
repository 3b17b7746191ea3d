"""Deformable sampling as embedding bags: forward and backward without large intermediates.

Sampling at 16 places of 4 corners each is, for every query and head, a weighted sum of 64 rows of
the value table: ``torch.nn.functional.embedding_bag``. The levels are stacked into one table with
a border of zeros, so that no corner needs a test for being inside, and with one row pitch, so that
the three other corners are the same index into a shifted table. The queries go in chunks through
buffers that stay in the cache: fresh memory for each step would cost more than its arithmetic.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK_SAMPLES = 2**17  # samples located at a time: 0.5 MB for each float32 buffer
MAX_TABLE_ROWS = 2**31 - 1  # rows are counted in int32


class StackedLevels:
    """How the levels of a frame lie in one table of rows, ``row = (y * pitch + x) * heads + head``.

    Every level has a zero row and column before it and two after it: a sample further out is
    clamped onto them.

    Args:
        spatial_shapes: (height, width) of each level.
        heads: Heads per token.

    Raises:
        ValueError: A frame with more rows than int32 can count.
    """

    def __init__(self, spatial_shapes: list[tuple[int, int]], heads: int) -> None:
        self.spatial_shapes = spatial_shapes
        self.heads = heads
        self.pitch = max(width for _, width in spatial_shapes) + 3
        self.tops = [0]
        for height, _ in spatial_shapes:
            self.tops.append(self.tops[-1] + height + 3)
        self.num_rows = self.tops[-1] * self.pitch * heads
        if self.num_rows > MAX_TABLE_ROWS:
            raise ValueError(
                f'levels {spatial_shapes} with {heads} heads need {self.num_rows} table rows, more '
                f'than {MAX_TABLE_ROWS}: use smaller images or naive_deformable_sampling'
            )
        # upper left, upper right, lower left, lower right
        self.corner_rows = (0, heads, self.pitch * heads, (self.pitch + 1) * heads)

    def stack(self, value: Tensor) -> Tensor:
        """(S, heads, d) tokens of a frame to the (rows, d) table."""
        heads, depth = value.shape[1:]
        table = value.new_zeros(self.tops[-1], self.pitch, heads, depth)
        for window, part in self._windows(table, value):
            window.copy_(part)
        return table.view(self.num_rows, depth)

    def unstack(self, table: Tensor, value: Tensor) -> None:
        """Copy the (rows, d) table into ``value``, (S, heads, d), dropping the borders."""
        table = table.view(self.tops[-1], self.pitch, self.heads, -1)
        for window, part in self._windows(table, value):
            part.copy_(window)

    def _windows(self, table: Tensor, value: Tensor) -> list[tuple[Tensor, Tensor]]:
        parts = value.split([height * width for height, width in self.spatial_shapes])
        return [
            (table[top + 1 : top + 1 + height, 1 : 1 + width], part.unflatten(0, (height, width)))
            for top, (height, width), part in zip(self.tops, self.spatial_shapes, parts)
        ]


class SamplePositions(NamedTuple):
    """Where n * samples samples lie in the table.

    Attributes:
        rows: Row of the upper left corner, int32 (n, samples).
        right: How far right of it the sample is, in [0, 1), (n, samples).
        below: How far below of it, likewise.
    """

    rows: Tensor
    right: Tensor
    below: Tensor


class SampleLocator:
    """Turns locations into table rows and bilinear weights, a chunk of queries at a time.

    Args:
        levels: The table.
        points: Points of a head on a level.
        like: Its dtype and device are those of the buffers.
    """

    def __init__(self, levels: StackedLevels, points: int, like: Tensor) -> None:
        heads, num_levels = levels.heads, len(levels.spatial_shapes)
        self.samples = heads * num_levels * points
        self.chunk = max(1, CHUNK_SAMPLES // self.samples)

        def per_sample(values: Tensor) -> Tensor:  # (heads or 1, levels or 1) to (samples,)
            return values[..., None].expand(heads, num_levels, points).flatten()

        sizes = like.new_tensor(levels.spatial_shapes)
        self.height, self.width = per_sample(sizes[None, :, 0]), per_sample(sizes[None, :, 1])
        self.last_row, self.last_column = self.height + 1, self.width + 1
        self.zero, self.half = torch.zeros_like(self.width), torch.full_like(self.width, 0.5)
        tops = torch.tensor(levels.tops[:-1], device=like.device) * (levels.pitch * heads)
        first = torch.arange(heads, device=like.device)[:, None] + tops
        self.first = per_sample(first).to(torch.int32)
        self.column_rows, self.line_rows = levels.corner_rows[1:3]
        self._floats = like.new_empty(6, self.chunk, self.samples)
        self._ints = self.first.new_empty(2, self.chunk, self.samples)

    def chunks(self, num_queries: int) -> list[slice]:
        """Return the queries in parts that fit the buffers."""
        return [slice(i, i + self.chunk) for i in range(0, num_queries, self.chunk)]

    def locate(self, locations: Tensor) -> SamplePositions:
        """Where the samples are in the table.

        Args:
            locations: (n, samples, 2), (x, y) in [0, 1] of the level, n <= chunk.

        Returns:
            Buffers, valid until the next call.
        """
        rows, lines = self._ints[:, : len(locations)]
        right, below = self._floats[:2, : len(locations)]
        # pixel = location * size - 0.5, and the border before the map adds 1
        torch.addcmul(self.half, locations[..., 0], self.width, out=right)
        torch.addcmul(self.half, locations[..., 1], self.height, out=below)
        # a location that is not a number samples the border instead of reading out of the table
        torch.nan_to_num_(right, nan=0.0).clamp_(self.zero, self.last_column)
        torch.nan_to_num_(below, nan=0.0).clamp_(self.zero, self.last_row)
        rows.copy_(right)
        lines.copy_(below)
        torch.add(self.first, rows, alpha=self.column_rows, out=rows)
        rows.add_(lines, alpha=self.line_rows)
        return SamplePositions(rows, right.frac_(), below.frac_())

    def corner_weights(self, weights: Tensor, right: Tensor, below: Tensor) -> Tensor:
        """Attention weight times bilinear weight of each corner.

        Args:
            weights: (n, samples) attention weights.
            right: (n, samples), see :meth:`locate`.
            below: (n, samples).

        Returns:
            (4, n, samples), corners in the order of ``StackedLevels.corner_rows``. A
            buffer, valid until the next call.
        """
        corners = self._floats[2:, : len(weights)]
        upper_left, upper_right, lower_left, lower_right = corners
        torch.mul(weights, below, out=lower_left)
        torch.sub(weights, lower_left, out=upper_left)
        torch.mul(upper_left, right, out=upper_right)
        torch.mul(lower_left, right, out=lower_right)
        upper_left.sub_(upper_right)
        lower_left.sub_(lower_right)
        return corners

    def gradients(
        self,
        dots: list[Tensor],
        *,
        locations: Tensor,
        weights: Tensor,
        right: Tensor,
        below: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Gradients of a chunk, from what each corner's value gives with the output's gradient.

        Args:
            dots: (n, samples) for each corner: its value times the gradient of the
                output. Overwritten.
            locations: (n, samples, 2).
            weights: (n, samples).
            right: (n, samples), see :meth:`locate`.
            below: (n, samples).

        Returns:
            With respect to locations (n, samples, 2), zero where they were
            clamped, and to weights (n, samples).
        """
        upper_left, upper_right, lower_left, lower_right = dots
        along_upper = upper_right.sub_(upper_left)
        along_lower = lower_right.sub_(lower_left)
        upper = upper_left.addcmul_(along_upper, right)
        down = lower_left.addcmul_(along_lower, right).sub_(upper)
        grad_weights = upper.addcmul_(down, below)
        along = along_upper.addcmul_(along_lower.sub_(along_upper), below)
        grad_locations = torch.empty_like(locations)
        for axis, (slope, size, last) in enumerate(
            [(along, self.width, self.last_column), (down, self.height, self.last_row)]
        ):
            position = torch.addcmul(self.half, locations[..., axis], size)
            inside = (position > 0).logical_and_(position < last)
            torch.mul(slope.mul_(weights).mul_(size), inside, out=grad_locations[..., axis])
        return grad_locations, grad_weights


class BagSampling(torch.autograd.Function):
    """Deformable sampling with a backward of its own; call :func:`bag_deformable_sampling`."""

    @staticmethod
    def forward(
        ctx,
        value: Tensor,
        spatial_shapes: list[tuple[int, int]],
        locations: Tensor,
        weights: Tensor,
    ) -> Tensor:
        """See :func:`bag_deformable_sampling`; one floating dtype, samples flattened."""
        ctx.save_for_backward(value, locations, weights)
        ctx.spatial_shapes = spatial_shapes
        batch, _, heads, depth = value.shape
        num_queries, samples = weights.shape[1:]
        output = value.new_empty(batch, num_queries, heads * depth)
        levels = StackedLevels(spatial_shapes, heads)
        locator = SampleLocator(levels, samples // (heads * len(spatial_shapes)), locations)
        for frame in range(batch):
            table = levels.stack(value[frame])
            corner_tables = [table[row:] for row in levels.corner_rows]
            for part in locator.chunks(num_queries):
                rows, right, below = locator.locate(locations[frame, part])
                corners = locator.corner_weights(weights[frame, part], right, below)
                sums = output[frame, part].view(-1, depth)
                rows = rows.view(len(sums), -1)
                for corner, corner_table in enumerate(corner_tables):
                    bag_weights = corners[corner].view(len(sums), -1)
                    bags = F.embedding_bag(
                        rows, corner_table, per_sample_weights=bag_weights, mode='sum'
                    )
                    if corner:
                        sums.add_(bags)
                    else:
                        sums.copy_(bags)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """Locate the samples again rather than keep them: it is a small part of the work."""
        value, locations, weights = ctx.saved_tensors
        batch, _, heads, depth = value.shape
        num_queries, samples = weights.shape[1:]
        grad_value = torch.empty_like(value) if ctx.needs_input_grad[0] else None
        grad_locations, grad_weights = torch.empty_like(locations), torch.empty_like(weights)
        levels = StackedLevels(ctx.spatial_shapes, heads)
        locator = SampleLocator(levels, samples // (heads * len(ctx.spatial_shapes)), locations)
        frame_rows = locator.first.new_empty(num_queries, samples)
        frame_corners = weights.new_empty(4, num_queries, samples)
        for frame in range(batch):
            table = levels.stack(value[frame])
            corner_tables = [table[row:].t() for row in levels.corner_rows]
            grad_bags = grad_output[frame].reshape(-1, depth)
            for part in locator.chunks(num_queries):
                rows, right, below = locator.locate(locations[frame, part])
                grads = grad_output[frame, part].reshape(-1, depth)
                chunk_weights = weights[frame, part]
                dots = [
                    _dots(rows.view(len(grads), -1), grads, corner_table).view_as(rows)
                    for corner_table in corner_tables
                ]
                grad_locations[frame, part], grad_weights[frame, part] = locator.gradients(
                    dots,
                    locations=locations[frame, part],
                    weights=chunk_weights,
                    right=right,
                    below=below,
                )
                frame_rows[part] = rows
                frame_corners[:, part] = locator.corner_weights(chunk_weights, right, below)
            if grad_value is not None:
                grad_table = _scatter(
                    levels, rows=frame_rows, corners=frame_corners, grad_bags=grad_bags
                )
                levels.unstack(grad_table, grad_value[frame])
        return grad_value, None, grad_locations, grad_weights


def _dots(rows: Tensor, grads: Tensor, columns: Tensor) -> Tensor:
    """Inner products of a bag's gradient with each of its rows.

    Args:
        rows: int32 (bags, n), column of ``columns`` of each sample.
        grads: (bags, d).
        columns: (d, table rows), the table transposed.

    Returns:
        (bags * n,).
    """
    bags, per_bag = rows.shape
    starts = torch.arange(0, bags * per_bag + 1, per_bag, dtype=rows.dtype, device=rows.device)
    # unsorted and repeated columns break what a sparse matrix promises, not how it is multiplied
    pattern = torch.sparse_csr_tensor(
        starts,
        rows.flatten(),
        grads.new_zeros(rows.numel()),
        (bags, columns.shape[1]),
        check_invariants=False,
    )
    return torch.sparse.sampled_addmm(pattern, grads, columns, beta=0.0).values()


def _scatter(levels: StackedLevels, *, rows: Tensor, corners: Tensor, grad_bags: Tensor) -> Tensor:
    """Gradient of the table: the transposed bags, every row gathers from the bags that read it.

    Args:
        levels: The table.
        rows: int32 (Q, samples), row of the upper left corner.
        corners: (4, Q, samples), weight of each corner.
        grad_bags: (Q * heads, d).

    Returns:
        (table rows, d).
    """
    per_bag = rows.numel() // max(1, len(grad_bags))
    grad_table = grad_bags.new_zeros(levels.num_rows, grad_bags.shape[1])
    if rows.numel() == 0:
        return grad_table
    sorted_rows, order = rows.flatten().sort()
    starts = torch.searchsorted(
        sorted_rows, torch.arange(levels.num_rows, dtype=rows.dtype, device=rows.device)
    )
    bags = order // per_bag
    for corner_row, weights in zip(levels.corner_rows, corners.flatten(1)):
        weights = weights.index_select(0, order)
        sums = F.embedding_bag(bags, grad_bags, starts, per_sample_weights=weights, mode='sum')
        grad_table[corner_row:] += sums[: levels.num_rows - corner_row]
    return grad_table


def bag_deformable_sampling(
    value: Tensor, spatial_shapes: list[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values by embedding bags.

    Memory beyond arguments and result: a table as large as a frame's ``value``, and in backward 20
    bytes for each sample of a frame. Computes in float32 at least, also under autocast.

    Args:
        value: (B, S, heads, d), the tokens of all levels, level by level in row order.
        spatial_shapes: (height, width) of each level; they sum up to S.
        locations: (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.
        weights: (B, Q, heads, levels, points).

    Returns:
        (B, Q, heads * d), dtype of ``value``.
    """
    dtype = torch.promote_types(value.dtype, torch.float32)
    with torch.autocast(value.device.type, enabled=False):
        output = BagSampling.apply(
            value.to(dtype),
            [(int(height), int(width)) for height, width in spatial_shapes],
            locations.to(dtype).flatten(2, 4),
            weights.to(dtype).flatten(2),
        )
    return output.to(value.dtype)


def _announce_sparse_tensors() -> None:
    """Let torch give its once-only notices about sparse tensors where nobody has to read them."""
    with warnings.catch_warnings():
        warnings.filterwarnings('ignore', message='Sparse', category=UserWarning)
        torch.sparse_csr_tensor([0, 0], [], [], (1, 1), check_invariants=False)


_announce_sparse_tensors()
