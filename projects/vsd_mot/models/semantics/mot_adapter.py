"""The MOT-Adapter of VSE-MOT: fits the image's semantics to the queries of tracking."""

from __future__ import annotations

import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn

from .map_embedding import MapEmbedding, QueryMaps
from .map_layers import MapShape, RowAttention, RowConv
from .parts import SemanticAdapter, SemanticFusion
from .row_map import RowMap, on_common_rows


class ChannelGate(nn.Module):
    """Channel attention: mean and maximum through one shared MLP, their sum through a sigmoid.

    Args:
        channels: Channels of the map.
        hidden: Width of the MLP's hidden layer.
    """

    def __init__(self, channels: int, hidden: int = 1) -> None:
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels)
        )

    def forward(self, x: RowMap) -> RowMap:
        gate = torch.sigmoid(self.mlp(x.mean()) + self.mlp(x.max()))
        return x.with_rows(x.rows * gate[:, :, None, None])


class SpatialGate(nn.Module):
    """Spatial attention: mean and maximum over channels through a 7x7 convolution and a sigmoid."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = RowConv(2, 1, 7)

    def forward(self, x: RowMap) -> RowMap:
        summary = torch.cat((x.rows.mean(1, keepdim=True), x.rows.amax(1, keepdim=True)), dim=1)
        x, gate = on_common_rows(x, self.conv(x.with_rows(summary)))
        return x.with_rows(x.rows * gate.rows.sigmoid())


@MODELS.register_module()
class MOTAdapter(SemanticAdapter):
    """Adds to the semantics S what they share with the queries Q.

    Channel-gated maps of both are multiplied, and so are spatially gated ones; each product
    passes a self-attention, and their sum is added to S.

    Before a :class:`VSFM` the adapted maps are handed on as they are, which is the published
    network. Before a fusion that takes rows, a 1x1 convolution reads what was added from the
    queries' rows of the map and adds it to the semantics; it starts as zero, so that the adapter
    begins by handing the semantics through.

    Args:
        embed_dims: Width C of the query contents.
        map_rows: Queries that one map holds. Raising it takes more tracks and proposals into one
            map; further ones need another map.
        channels: Channels of the maps.
        num_heads: Heads of the self-attentions.
        dropout: Of attention weights. Raising it regularises more.
        norm: Kind of norm, see :mod:`.map_norm`.
        collapse: Whether rows that are equal are computed once.
        init_cfg: Initialisation, as in mmengine.
    """

    def __init__(
        self,
        *,
        embed_dims: int = 256,
        map_rows: int = 256,
        channels: int = 16,
        num_heads: int = 8,
        dropout: float = 0.1,
        norm: str = 'group',
        collapse: bool = True,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        shape = MapShape(embed_dims, map_rows, channels)
        self.embedding = MapEmbedding(shape, norm, collapse=collapse)
        self.semantics_channel_gate = ChannelGate(channels)
        self.queries_channel_gate = ChannelGate(channels)
        self.semantics_spatial_gate = SpatialGate()
        self.queries_spatial_gate = SpatialGate()
        self.channel_attention = RowAttention(shape, num_heads, dropout=dropout, norm=norm)
        self.spatial_attention = RowAttention(shape, num_heads, dropout=dropout, norm=norm)
        readout = RowConv(channels, 1, 1, bias=False)
        nn.init.zeros_(readout.weight)
        self.readout: RowConv | None = readout

    def link(self, fusion: SemanticFusion) -> None:
        """Hand over maps to a fusion that takes them, rows to any other.

        Args:
            fusion: What the adapted semantics go to.
        """
        if fusion.takes_maps:
            fusion.take_maps(self.embedding.shape)
            self.readout = None

    def forward(self, semantics: Tensor, contents: Tensor) -> Tensor | list[QueryMaps]:
        """Adapt the semantics of one frame's queries.

        Args:
            semantics: (n, C) semantics.
            contents: (n, C) contents.

        Returns:
            (n, C) adapted semantics, or, after :meth:`link` with a
            fusion of maps, the maps of both with S adapted.
        """
        added, adapted = [], []
        for maps in self.embedding(semantics, contents):
            shared = self.shared(maps)
            if self.readout is not None:
                added.append(self.readout(shared).rows[0, 0, : maps.count])
                continue
            s, shared = on_common_rows(maps.semantics, shared)
            s = s.with_rows(s.rows + shared.rows)
            adapted.append(QueryMaps(s, maps.queries, maps.count))
        if self.readout is None:
            return adapted
        return semantics + torch.cat(added) if added else semantics

    def shared(self, maps: QueryMaps) -> RowMap:
        """Return what is added to S: both products after their attention."""
        by_channel, by_place = (
            attention(_product(semantics_gate(maps.semantics), queries_gate(maps.queries)))
            for attention, semantics_gate, queries_gate in (
                (self.channel_attention, self.semantics_channel_gate, self.queries_channel_gate),
                (self.spatial_attention, self.semantics_spatial_gate, self.queries_spatial_gate),
            )
        )
        by_channel, by_place = on_common_rows(by_channel, by_place)
        return by_channel.with_rows(by_channel.rows + by_place.rows)


def _product(a: RowMap, b: RowMap) -> RowMap:
    a, b = on_common_rows(a, b)
    return a.with_rows(a.rows * b.rows)
