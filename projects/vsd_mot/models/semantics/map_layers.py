"""Layers that the map parts of VSE-MOT are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from .map_norm import map_norm, row_norm
from .row_map import RowMap, stencil


class RowConv(_ConvNd):
    """A convolution of a :class:`RowMap`; zero padding keeps the size (divided by the stride).

    It derives from the base of torch's convolutions, whose own ``forward`` takes tensors.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Odd.
        stride: Along both axes.
        dilation: Along both axes.
        bias: Whether there is one.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        bias: bool = True,
    ) -> None:
        padding = dilation * (kernel_size // 2)
        super().__init__(
            in_channels,
            out_channels,
            kernel_size=(kernel_size, kernel_size),
            stride=(stride, stride),
            padding=(padding, padding),
            dilation=(dilation, dilation),
            transposed=False,
            output_padding=(0, 0),
            groups=1,
            bias=bias,
            padding_mode='zeros',
        )
        self.side_padding = padding

    @property
    def offsets(self) -> tuple[int, ...]:
        """The rows that an output row looks at, relative to its own."""
        reach = self.kernel_size[0] // 2
        return tuple(self.dilation[0] * tap for tap in range(-reach, reach + 1))

    def forward(self, x: RowMap) -> RowMap:
        if self.kernel_size == (1, 1) and self.stride == (1, 1):
            return x.with_rows(F.conv2d(x.rows, self.weight, self.bias))
        plan, rows = stencil(x.plan, self.offsets, self.stride[0])
        return RowMap(self.along_rows(x.neighbours(rows)), plan)

    def along_rows(self, neighbours: Sequence[Tensor]) -> Tensor:
        """Convolve rows whose neighbours have been gathered: K kernel rows become channels.

        Args:
            neighbours: K of (1, in_channels, R, W).

        Returns:
            (1, out_channels, R, W'), in the memory format of ``neighbours``.
        """
        return F.conv2d(
            torch.cat(tuple(neighbours), dim=1),
            self.weight.transpose(1, 2).flatten(1, 2).unsqueeze(2),
            self.bias,
            stride=(1, self.stride[1]),
            padding=(0, self.side_padding),
            dilation=(1, self.dilation[1]),
        )


class ConvNorm(nn.Module):
    """Convolution, norm and ReLU.

    Args:
        conv: The convolution.
        norm: Kind of norm, see :mod:`.map_norm`.
        relu: Whether a ReLU follows.
    """

    def __init__(self, conv: RowConv, norm: str, *, relu: bool = True) -> None:
        super().__init__()
        self.conv = conv
        self.norm = map_norm(norm, conv.out_channels)
        self.relu = relu

    def forward(self, x: RowMap) -> RowMap:
        return self.activate(self.conv(x))

    def activate(self, x: RowMap) -> RowMap:
        """Return what follows the convolution."""
        x = self.norm(x)
        return x.with_rows(x.rows.relu_()) if self.relu else x


@dataclass(frozen=True)
class MapShape:
    """What all map parts of a branch have in common.

    Attributes:
        columns: Width of the map: that of the query contents.
        height: Rows of the map: queries that one map can hold.
        channels: Channels of the map.
    """

    columns: int
    height: int
    channels: int


class RowAttention(nn.Module):
    """Self-attention within each row, residual, norm.

    The tokens of a row are its channels, the embedding of a token its columns; the published code
    feeds the (channels, rows, columns) map as (sequence, batch, embedding).

    Args:
        shape: Of the map.
        num_heads: Heads over the columns.
        dropout: Of attention weights. Rows that are stored once share the draw. Raising it
            regularises more.
        norm: Kind of norm, see :mod:`.map_norm`.
    """

    def __init__(self, shape: MapShape, num_heads: int, *, dropout: float, norm: str) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(shape.columns, num_heads, dropout=dropout)
        self.norm = row_norm(norm, shape.channels, shape.height)

    def forward(self, x: RowMap) -> RowMap:
        tokens = x.rows[0].contiguous()
        attended = self.attention(tokens, tokens, tokens, need_weights=False)[0]
        return self.norm(x.with_rows(x.rows + attended[None]))
