"""Normalisation of VSE-MOT's maps, the published one and one that suits a clip on each GPU.

The published network has a batch norm wherever a map is normalised, and each GPU has one clip,
so a batch is one map: statistics of one frame (or, in the pooled branch of the ASPP, of a single
value, whose variance is zero), taken over a map that is zero below the last query, so that they
follow the number of queries. The norm after an attention has a scale and a shift for each row of
the map, although a query's row is an accident, and rows that are rarely filled learn from padding.

``group`` normalises every frame by itself, over the rows that belong to queries, in training as at
inference: nothing accumulates, nothing depends on how many rows are empty, and one scale and shift
for a channel holds in all rows, so that empty rows stay equal and cost nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _NormBase

from .row_map import RowMap

NORMS = ('group', 'published', 'frozen')
GROUP_CHANNELS = 8


class GroupMapNorm(nn.Module):
    """Group norm with the statistics of the queries' rows, applied to all rows.

    Args:
        channels: Channels, a multiple of 8 (the size of a group).
        eps: Added to the variance. Raising it damps maps of little variance more.
    """

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        if channels % GROUP_CHANNELS:
            raise ValueError(
                f"norm='group' takes {GROUP_CHANNELS} channels together and there are {channels}: "
                'choose a multiple'
            )
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: RowMap) -> RowMap:
        # Two plain passes: torch.var_mean is ten times slower on a channels-last map.
        real = x.rows[:, :, : x.plan.real].float()
        mean = self._over_groups(real.mean((0, 2, 3)))
        variance = self._over_groups((real - self._spread(mean)).square().mean((0, 2, 3)))
        scale = self.weight * (variance + self.eps).rsqrt()
        shift = self.bias - mean * scale
        return x.with_rows(torch.addcmul(self._spread(shift), x.rows, self._spread(scale)))

    @staticmethod
    def _over_groups(values: Tensor) -> Tensor:
        groups = values.view(-1, GROUP_CHANNELS)
        return groups.mean(1, keepdim=True).expand_as(groups).reshape(-1)

    @staticmethod
    def _spread(values: Tensor) -> Tensor:
        return values.view(1, -1, 1, 1)


class _FreezableNorm(_NormBase):
    """A batch norm of map rows that can keep its running statistics, also in training.

    It derives from the base of torch's batch norms, whose own ``forward`` takes tensors.
    """

    def __init__(self, num_features: int, *, frozen: bool) -> None:
        super().__init__(num_features)
        self.frozen = frozen

    def train(self, mode: bool = True) -> _FreezableNorm:
        super().train(mode and not self.frozen)
        return self

    def _normalise(self, values: Tensor) -> Tensor:
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
        return F.batch_norm(
            values,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            training=self.training,
            momentum=self.momentum or 0.0,
            eps=self.eps,
        )


class BatchMapNorm(_FreezableNorm):
    """Batch norm over the whole map, empty rows included, as published.

    Args:
        channels: Channels.
        frozen: Always normalise with the running statistics and leave them alone.
    """

    def __init__(self, channels: int, *, frozen: bool) -> None:
        super().__init__(channels, frozen=frozen)

    def forward(self, x: RowMap) -> RowMap:
        if self.training:
            x = x.expanded()
        return x.with_rows(self._normalise(x.rows))


class BatchRowNorm(_FreezableNorm):
    """Batch norm of each row over channels and columns, as published after every attention.

    Every row has its own scale, shift and statistics, so equal rows come out different.

    Args:
        height: Rows of the full map.
        frozen: Always normalise with the running statistics and leave them alone.
    """

    def __init__(self, height: int, *, frozen: bool) -> None:
        super().__init__(height, frozen=frozen)

    def forward(self, x: RowMap) -> RowMap:
        x = x.expanded()
        return x.with_rows(self._normalise(x.rows[0])[None])


def check_norm(norm: str) -> None:
    """Raise ValueError unless ``norm`` is one of :data:`NORMS`."""
    if norm not in NORMS:
        raise ValueError(f'norm={norm!r}: choose one of {", ".join(map(repr, NORMS))}')


def map_norm(norm: str, channels: int) -> nn.Module:
    """Return the norm after a convolution.

    Args:
        norm: 'group', 'published' or 'frozen' (published, with statistics that never
            change: to fine-tune a published checkpoint).
        channels: Channels of the map.
    """
    check_norm(norm)
    if norm == 'group':
        return GroupMapNorm(channels)
    return BatchMapNorm(channels, frozen=norm == 'frozen')


def row_norm(norm: str, channels: int, height: int) -> nn.Module:
    """Return the norm after an attention.

    Args:
        norm: As :func:`map_norm`.
        channels: Channels of the map.
        height: Rows of the full map.
    """
    check_norm(norm)
    if norm == 'group':
        return GroupMapNorm(channels)
    return BatchRowNorm(height, frozen=norm == 'frozen')
