"""Feature maps whose equal rows are stored, and computed, once.

VSE-MOT lays the n x C contents of a frame's queries into a map of 256 rows, row i being query i,
and leaves the rest zero. Far enough below the last query, and far enough above the lower border,
all rows of everything computed from such a map are equal. A :class:`RowMap` holds one of each and
knows where it stands in the full map; a convolution asks which neighbours a row has, not how many
rows look like it. The numbers are those of the full map, for a fraction of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

# Plans depend on the number of queries only; a video visits a few dozen of them.
_CACHE_SIZE = 4096


@dataclass(frozen=True)
class RowPlan:
    """Which rows of a map are equal.

    Attributes:
        index: For each of the H rows of the full map the stored row that it
            equals. Stored rows are numbered in the order of their first appearance.
        real: How many of the stored rows, the first ones, belong to queries; each of them
            stands for one row.
    """

    index: tuple[int, ...]
    real: int

    @property
    def height(self) -> int:
        """Rows H of the full map."""
        return len(self.index)

    @property
    def stored(self) -> int:
        """Rows R that are stored."""
        return max(self.index) + 1

    def expanded(self) -> RowPlan:
        """Return the plan that stores every row."""
        return RowPlan(tuple(range(self.height)), self.real)

    def shares(self, like: Tensor) -> Tensor:
        """Return the share of the full map that each stored row makes up, (R,), as ``like``."""
        counts = torch.bincount(torch.tensor(self.index), minlength=self.stored)
        return (counts / self.height).to(like)


def query_plan(num_queries: int, height: int, *, collapse: bool = True) -> RowPlan:
    """Return the plan of a map with one row for each query and zeros below.

    Args:
        num_queries: Queries in the map, 1 to ``height``.
        height: Rows of the full map.
        collapse: False stores every row.

    Returns:
        The plan; where there are zero rows and they are stored once, that row is last.
    """
    last = num_queries if collapse else height
    return RowPlan(tuple(min(row, last) for row in range(height)), num_queries)


def _number(keys: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """Give keys numbers by first appearance: each one's, and the distinct keys in order."""
    numbers: dict[tuple[int, ...], int] = {}
    index = tuple(numbers.setdefault(key, len(numbers)) for key in keys)
    return index, list(numbers)


@lru_cache(_CACHE_SIZE)
def stencil(plan: RowPlan, offsets: tuple[int, ...], stride: int = 1) -> tuple[RowPlan, Tensor]:
    """Return what a vertical stencil makes of a plan: rows with equal neighbours stay equal.

    Args:
        plan: Of the input.
        offsets: The K rows that an output row looks at, relative to its own.
        stride: Rows of the input from one output row to the next.

    Returns:
        Plan of the output, of ceil(H / stride) rows, and (R, K) int64, the
        stored input row at each offset; ``plan.stored`` where that is outside of the map.
    """
    outside = plan.stored
    keys = [
        tuple(
            plan.index[row + offset] if 0 <= row + offset < plan.height else outside
            for offset in offsets
        )
        for row in range(0, plan.height, stride)
    ]
    index, neighbours = _number(keys)
    return RowPlan(index, -(-plan.real // stride)), torch.tensor(neighbours)


@lru_cache(_CACHE_SIZE)
def _refinement(plans: tuple[RowPlan, ...]) -> tuple[RowPlan, Tensor]:
    """Find the coarsest plan that several share, and its rows in each, (R, len(plans))."""
    index, origins = _number(list(zip(*(plan.index for plan in plans))))
    return RowPlan(index, plans[0].real), torch.tensor(origins)


@dataclass
class RowMap:
    """A map of which every row is stored once.

    Attributes:
        rows: (1, channels, R, W) the stored rows.
        plan: Where they stand.
    """

    rows: Tensor
    plan: RowPlan

    def with_rows(self, rows: Tensor) -> RowMap:
        """Other values, (1, any channels, R, any W), in the same places."""
        return RowMap(rows, self.plan)

    def take(self, rows: Tensor, plan: RowPlan) -> RowMap:
        """Arrange stored rows anew.

        Args:
            rows: (R',) int64 indices of stored rows.
            plan: Of the result, R' stored rows.
        """
        if torch.equal(rows, torch.arange(self.plan.stored)):
            return RowMap(self.rows, plan)
        return RowMap(self.rows.index_select(2, rows.to(self.rows.device)), plan)

    def expanded(self) -> RowMap:
        """Return the same map with every row stored."""
        return self.take(torch.tensor(self.plan.index), self.plan.expanded())

    def neighbours(self, rows: Tensor) -> list[Tensor]:
        """Gather the rows that a stencil looks at; rows outside of the map are zero.

        Args:
            rows: (R', K) int64 as :func:`stencil` gives them.

        Returns:
            For each of the K offsets (1, channels, R', W) in channels-last memory,
            in which a CPU's convolutions run several times faster.
        """
        pixels = F.pad(self.rows, (0, 0, 0, 1)).permute(0, 2, 3, 1)
        offsets = rows.to(pixels.device).unbind(1)
        return [pixels.index_select(1, offset).permute(0, 3, 1, 2) for offset in offsets]

    def mean(self) -> Tensor:
        """Mean over the full map, (1, channels)."""
        return self.rows.mean(3) @ self.plan.shares(self.rows)

    def max(self) -> Tensor:
        """Maximum over the full map, (1, channels)."""
        return self.rows.amax((2, 3))


def on_common_rows(*maps: RowMap) -> list[RowMap]:
    """Return the same maps with the same plan, so that their rows can be combined one by one.

    Args:
        maps: Maps of one height.

    Returns:
        The maps, with one plan.
    """
    if all(other.plan == maps[0].plan for other in maps):
        return list(maps)
    plan, origins = _refinement(tuple(other.plan for other in maps))
    return [other.take(origins[:, which], plan) for which, other in enumerate(maps)]
