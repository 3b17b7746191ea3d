"""MOT-Adapter and VSFM on maps of any number of queries, as graphs compute them.

PyTorch stores equal rows of a map once, by plans that Python makes for each number of queries
(`models/semantics/row_map.py`). A graph learns that number when it runs, so it computes whole maps;
only of the zero rows between the last query and the lower border does it leave out as many as
nothing depends on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.semantics import VSFM, MOTAdapter, SemanticBranch
from ..models.semantics.aspp import ASPP
from ..models.semantics.map_embedding import MapEmbedding
from ..models.semantics.map_layers import ConvNorm, MapShape, RowAttention, RowConv
from ..models.semantics.map_norm import GROUP_CHANNELS, BatchMapNorm, BatchRowNorm, GroupMapNorm
from ..models.semantics.mot_adapter import ChannelGate, SpatialGate

# VSFM halves its maps three times.
STRIDE = 8


class MapLayout:
    """Where the rows of a frame stand in M maps of H rows, and which h rows are computed.

    The last row is the one of :func:`~.tracing.pad_row`: it is in the maps, and zero.

    Args:
        rows: ``(n + 1, C)`` contents.
        shape: Of a full map.
        reach: Rows that a row of the result looks at, up and down; None where each row of a map is
            treated in its own way, so that none may be left out.

    Attributes:
        count: Queries n.
        rows: Rows h of each map.
        left_out: Rows H - h, which equal row ``constant``.
        real: ``(M, 1, h, 1)``, 1 in the rows of queries, else 0.
    """

    def __init__(self, rows: Tensor, shape: MapShape, reach: int | None) -> None:
        self.shape = shape
        stored = torch._shape_as_tensor(rows)[0]
        self.count = stored - 1
        self.rows, self.constant = torch.tensor(shape.height), torch.tensor(0)
        if reach is not None:
            self.constant = (self.count + reach + STRIDE - 1) // STRIDE * STRIDE
            below = (reach + STRIDE) // STRIDE * STRIDE
            self.rows = torch.minimum(self.rows, self.constant + below)
        self.left_out = shape.height - self.rows
        maps = (stored + shape.height - 1) // shape.height
        self.places = _places(maps * self.rows)
        self.real = self.stacked((self.places < self.count).to(rows)[:, None])

    def stacked(self, rows: Tensor) -> Tensor:
        """Return rows (M h, w) as maps (M, 1, h, w)."""
        return rows.reshape(-1, 1, cast(int, self.rows), rows.shape[1])

    def take(self, rows: Tensor) -> Tensor:
        """Lay rows (n + 1, C) into maps (M, 1, h, C) with zeros below the last query."""
        padded = F.pad(rows[:-1], (0, 0, 0, 1))
        return self.stacked(padded.index_select(0, torch.minimum(self.places, self.count)))

    def mean(self, maps: Tensor) -> Tensor:
        """Mean over the full maps, (M, channels)."""
        stands_for = 1 + (_places(self.rows) == self.constant) * self.left_out
        return (maps.mean(3) * stands_for).sum(2) / self.shape.height

    def full(self, small: Tensor) -> Tensor:
        """Put rows that were left out back into maps (M, channels, h / 8, w)."""
        places = torch.arange(self.shape.height // STRIDE)
        before = torch.minimum(places, self.constant // STRIDE)
        if_none = places - self.left_out // STRIDE
        return small.index_select(2, torch.maximum(before, if_none))


@dataclass
class WholeMaps:
    """Semantics and contents of the same queries as maps (M, channels, h, C).

    Attributes:
        semantics: S.
        queries: Q.
        layout: Of both.
    """

    semantics: Tensor
    queries: Tensor
    layout: MapLayout


def map_forwards(branch: SemanticBranch) -> dict[nn.Module, Callable[..., Any]]:
    """Return what takes the place of ``forward`` of a branch's adapter and VSFM in a trace."""
    reach = reach_of(branch)
    forwards: dict[nn.Module, Callable[..., Any]] = {}
    if isinstance(branch.adapter, MOTAdapter):
        forwards[branch.adapter] = partial(adapt, branch.adapter, reach=reach)
    if isinstance(branch.fusion, VSFM):
        forwards[branch.fusion] = partial(fuse_maps, branch.fusion, reach=reach)
    return forwards


def turning_counts(branch: SemanticBranch) -> list[int]:
    """Return numbers of queries at which a map is full, and of which some are in a second one."""
    shapes = [one.shape for one in branch.modules() if isinstance(one, MapEmbedding)]
    return [shapes[0].height, shapes[0].height + 1] if shapes else []


def reach_of(branch: SemanticBranch) -> int | None:
    """Return how many rows up and down a result of the branch looks at, as :class:`MapLayout`."""
    modules = [part for part in (branch.adapter, branch.fusion) if part is not None]
    if any(isinstance(one, BatchRowNorm) for part in modules for one in part.modules()):
        return None
    reach = 1  # of the embedding
    if isinstance(branch.adapter, MOTAdapter):
        reach += branch.adapter.semantics_spatial_gate.conv.offsets[-1]
    if isinstance(branch.fusion, VSFM):
        reach += branch.fusion.aspp.offsets[-1] + STRIDE - 1
    return reach


def adapt(
    adapter: MOTAdapter, semantics: Tensor, contents: Tensor, *, reach: int | None
) -> Tensor | WholeMaps:
    """Compute a :class:`MOTAdapter` on n + 1 rows, of which the last is no query."""
    maps = _embed(adapter.embedding, semantics, contents, reach=reach)
    shared = _shared(adapter, maps)
    if adapter.readout is not None:
        added = _conv(adapter.readout, shared).reshape(-1, contents.shape[1])
        return semantics + added[: contents.shape[0]]
    return WholeMaps(maps.semantics + shared, maps.queries, maps.layout)


def fuse_maps(
    fusion: VSFM,
    semantics: Tensor | WholeMaps,
    contents: Tensor,
    quality: object = None,
    *,
    reach: int | None,
) -> tuple[Tensor, None]:
    """Compute a :class:`VSFM` on n + 1 rows, of which the last is no query."""
    if isinstance(semantics, WholeMaps):
        maps = semantics
    else:
        maps = _embed(cast(MapEmbedding, fusion.embedding), semantics, contents, reach=reach)
    layout = maps.layout
    s = _attend(fusion.semantics_attention, maps.semantics, layout.real)
    q = _attend(fusion.queries_attention, maps.queries, layout.real)
    weight = _conv_norm(fusion.weigh, _aspp(fusion.aspp, torch.cat((s, q), 1), layout), layout.real)
    share = weight.softmax(1)
    small = _attend(fusion.fused_attention, share * s + (1 - share) * q, layout.real)
    *halvings, last = fusion.shrink
    real = layout.real
    for halving in halvings:
        real = real[:, :, ::2]
        small = _conv_norm(cast(ConvNorm, halving), small, real)
    small = layout.full(_conv(cast(RowConv, last), small))
    vectors = fusion.vector(small.relu().flatten(1)).relu()
    shares = layout.real.sum((1, 2, 3)) / layout.count.clamp(min=1)
    return contents + shares @ vectors, None


def _places(count: Tensor) -> Tensor:
    # A trace takes the number for a tensor, as which it may vary.
    return torch.arange(cast(int, count))


def _embed(
    embedding: MapEmbedding, semantics: Tensor, contents: Tensor, *, reach: int | None
) -> WholeMaps:
    layout = MapLayout(contents, embedding.shape, reach)
    s = _conv_norm(embedding.semantics, layout.take(semantics), layout.real)
    q = _conv_norm(embedding.queries, layout.take(contents), layout.real)
    return WholeMaps(s, q, layout)


def _shared(adapter: MOTAdapter, maps: WholeMaps) -> Tensor:
    s, q, layout = maps.semantics, maps.queries, maps.layout
    by_channel = _gate_channels(adapter.semantics_channel_gate, s, layout)
    by_channel = by_channel * _gate_channels(adapter.queries_channel_gate, q, layout)
    by_place = _gate_places(adapter.semantics_spatial_gate, s)
    by_place = by_place * _gate_places(adapter.queries_spatial_gate, q)
    by_channel = _attend(adapter.channel_attention, by_channel, layout.real)
    return by_channel + _attend(adapter.spatial_attention, by_place, layout.real)


def _gate_channels(gate: ChannelGate, maps: Tensor, layout: MapLayout) -> Tensor:
    open_share = torch.sigmoid(gate.mlp(layout.mean(maps)) + gate.mlp(maps.amax((2, 3))))
    return maps * open_share[:, :, None, None]


def _gate_places(gate: SpatialGate, maps: Tensor) -> Tensor:
    summary = torch.cat((maps.mean(1, keepdim=True), maps.amax(1, keepdim=True)), 1)
    return maps * _conv(gate.conv, summary).sigmoid()


def _aspp(aspp: ASPP, maps: Tensor, layout: MapLayout) -> Tensor:
    layers = cast(list[ConvNorm], [aspp.point, *aspp.dilated])
    shares = aspp.project.conv.weight.chunk(len(layers) + 1, dim=1)
    mean = layout.mean(maps)[:, :, None, None]
    pooled = _conv_norm(aspp.pooled, mean, torch.ones_like(mean[:, :1]))
    total = F.conv2d(pooled, shares[-1])
    for layer, share in zip(layers, shares):
        total = total + F.conv2d(_conv_norm(layer, maps, layout.real), share)
    return _activate(aspp.project, total, layout.real)


def _attend(layer: RowAttention, maps: Tensor, real: Tensor) -> Tensor:
    rows = maps.transpose(0, 1)
    tokens = rows.flatten(1, 2)
    attended = layer.attention(tokens, tokens, tokens, need_weights=False)[0]
    return _normalise(layer.norm, maps + attended.reshape(rows.shape).transpose(0, 1), real)


def _conv(layer: RowConv, maps: Tensor) -> Tensor:
    return F.conv2d(
        maps,
        layer.weight,
        layer.bias,
        stride=layer.stride,
        padding=cast(tuple[int, int], layer.padding),
        dilation=layer.dilation,
    )


def _conv_norm(layer: ConvNorm, maps: Tensor, real: Tensor) -> Tensor:
    return _activate(layer, _conv(layer.conv, maps), real)


def _activate(layer: ConvNorm, maps: Tensor, real: Tensor) -> Tensor:
    maps = _normalise(layer.norm, maps, real)
    return maps.relu() if layer.relu else maps


def _normalise(norm: nn.Module, maps: Tensor, real: Tensor) -> Tensor:
    if isinstance(norm, BatchRowNorm):
        rows = maps.flatten(0, 1)
        return norm._normalise(rows).reshape(maps.shape)
    if isinstance(norm, BatchMapNorm):
        return norm._normalise(maps)
    assert isinstance(norm, GroupMapNorm), 'map_norm makes no other'
    values = (real.sum((1, 2, 3)) * maps.shape[3]).clamp(min=1)[:, None]
    mean = _over_groups(norm, (maps * real).sum((2, 3)) / values)
    spread = (maps - mean[:, :, None, None]).square() * real
    variance = _over_groups(norm, spread.sum((2, 3)) / values)
    scale = norm.weight / (variance + norm.eps).sqrt()
    shift = norm.bias - mean * scale
    return maps * scale[:, :, None, None] + shift[:, :, None, None]


def _over_groups(norm: GroupMapNorm, values: Tensor) -> Tensor:
    groups = values.reshape(-1, len(norm.weight) // GROUP_CHANNELS, GROUP_CHANNELS)
    return groups.mean(2, keepdim=True).expand_as(groups).flatten(1)
