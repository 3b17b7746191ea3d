"""Atrous spatial pyramid pooling over a map with few distinct rows."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import nn

from .map_layers import ConvNorm, RowConv
from .row_map import RowMap, RowPlan, stencil


class ASPP(nn.Module):
    """1x1 and dilated 3x3 convolutions and a global pool side by side, projected together.

    The branches are never concatenated: each is projected with its share of the 1x1 projection
    and added up, and the pooled branch, one value for a channel, is added as such.

    Args:
        in_channels: Channels of the input.
        channels: Channels of each branch and of the output.
        dilations: Dilations of the 3x3 convolutions. Larger ones mix queries that lie farther apart
            in the map.
        dropout: After the projection. Raising it regularises more.
        norm: Kind of norm, see :mod:`.map_norm`.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        dilations: Sequence[int],
        dropout: float,
        norm: str,
    ) -> None:
        super().__init__()
        self.point = ConvNorm(RowConv(in_channels, channels, 1, bias=False), norm)
        dilated = [
            ConvNorm(RowConv(in_channels, channels, 3, dilation=dilation, bias=False), norm)
            for dilation in dilations
        ]
        self.dilated = nn.ModuleList(dilated)
        self.pooled = ConvNorm(RowConv(in_channels, channels, 1, bias=False), norm)
        branches = len(self.dilated) + 2
        self.project = ConvNorm(RowConv(branches * channels, channels, 1, bias=False), norm)
        self.dropout = nn.Dropout(dropout)
        self.offsets = tuple(
            sorted({offset for branch in dilated for offset in branch.conv.offsets} | {0})
        )

    def forward(self, x: RowMap) -> RowMap:
        """Look at a map at several scales.

        Args:
            x: ``in_channels`` channels.

        Returns:
            ``channels`` channels, each row whose surroundings differ stored once.
        """
        plan, rows = stencil(x.plan, self.offsets)
        neighbours = dict(zip(self.offsets, x.neighbours(rows)))
        branches = []
        for layer in (self.point, *self.dilated):
            taps = [neighbours[offset] for offset in layer.conv.offsets]
            branches.append(layer.activate(RowMap(layer.conv.along_rows(taps), plan)))
        shares = self.project.conv.weight.chunk(len(branches) + 1, dim=1)
        mean = x.mean()[:, :, None, None]
        pooled = self.pooled(RowMap(mean, RowPlan((0,) * x.plan.height, real=1)))
        everywhere = F.conv2d(pooled.rows[:, :, :1], shares[-1])
        total = F.conv2d(branches[0].rows, shares[0]).add_(everywhere)
        for branch, share in zip(branches[1:], shares[1:-1]):
            total.add_(F.conv2d(branch.rows, share))
        projected = self.project.activate(RowMap(total, plan))
        return projected.with_rows(self.dropout(projected.rows))
