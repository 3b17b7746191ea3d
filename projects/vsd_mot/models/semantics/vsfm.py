"""VSFM, the fusion of VSE-MOT: one vector out of semantics and queries, for all queries."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ..description import FrameQualityScore
from .aspp import ASPP
from .map_embedding import MapEmbedding, QueryMaps
from .map_layers import ConvNorm, MapShape, RowAttention, RowConv
from .parts import SemanticFusion
from .row_map import on_common_rows

_STRIDE = 8


@MODELS.register_module()
class VSFM(SemanticFusion):
    """Weighs maps of semantics and queries against each other and reads one vector from them.

    Semantics and queries pass a self-attention each; an ASPP over both says, by a softmax over
    channels, how much of the semantics each place takes; another self-attention, three
    convolutions of stride 2 and a linear layer make one vector of the mixture, which is added to
    every query's content.

    Where a frame has more queries than a map has rows, each map gives a vector, and what is added
    is their mean weighted by the queries in each: one query more than a map holds changes the
    vector by a 257th of its own. Up to 256 queries it is the published network.

    Args:
        embed_dims: Width C of the query contents, a multiple of 8.
        map_rows: Queries that one map holds, a multiple of 8. Raising it takes more tracks and
            proposals into one map; further ones need another map.
        channels: Channels of the maps.
        num_heads: Heads of the self-attentions.
        aspp_channels: Channels of the ASPP.
        dilations: Of the ASPP. Larger ones mix queries that lie farther apart in the map.
        dropout: Of attention weights. Raising it regularises more.
        aspp_dropout: After the ASPP. Raising it regularises more.
        norm: Kind of norm, see :mod:`.map_norm`.
        collapse: Whether rows that are equal are computed once.
        with_cp: Whether training keeps the maps only and computes all that follows again
            in the backward pass.
        init_cfg: Initialisation, as in mmengine.
    """

    takes_maps = True

    def __init__(
        self,
        *,
        embed_dims: int = 256,
        map_rows: int = 256,
        channels: int = 16,
        num_heads: int = 8,
        aspp_channels: int = 256,
        dilations: Sequence[int] = (6, 12, 18),
        dropout: float = 0.1,
        aspp_dropout: float = 0.5,
        norm: str = 'group',
        collapse: bool = True,
        with_cp: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if with_cp and norm == 'published':
            raise ValueError(
                'with_cp=True would count every frame twice in the running statistics of '
                "norm='published': choose norm='group' or 'frozen'"
            )
        if embed_dims % _STRIDE or map_rows % _STRIDE:
            raise ValueError(
                f'the map of {map_rows} x {embed_dims} is halved three times: give map_rows and '
                f'embed_dims that are multiples of {_STRIDE}'
            )
        self.with_cp = with_cp
        self.shape = MapShape(embed_dims, map_rows, channels)
        self.embedding: MapEmbedding | None = MapEmbedding(self.shape, norm, collapse=collapse)
        self.semantics_attention = RowAttention(self.shape, num_heads, dropout=dropout, norm=norm)
        self.queries_attention = RowAttention(self.shape, num_heads, dropout=dropout, norm=norm)
        self.aspp = ASPP(
            2 * channels, aspp_channels, dilations=dilations, dropout=aspp_dropout, norm=norm
        )
        self.weigh = ConvNorm(RowConv(aspp_channels, channels, 1), norm, relu=False)
        self.fused_attention = RowAttention(self.shape, num_heads, dropout=dropout, norm=norm)
        halvings = (
            ConvNorm(RowConv(channels, 32, 3, stride=2), norm),
            ConvNorm(RowConv(32, 64, 3, stride=2), norm),
        )
        last = RowConv(64, 1, 3, stride=2)
        self.shrink = nn.Sequential(*halvings, last)
        self.vector = nn.Linear(map_rows * embed_dims // _STRIDE**2, embed_dims)
        # One channel goes through the last ReLU. Its inputs are positive, so that weights of one
        # sign on average would leave it dead, or linear, from the start.
        nn.init.zeros_(last.get_parameter('bias'))
        with torch.no_grad():
            last.weight -= last.weight.mean()

    def take_maps(self, shape: MapShape) -> None:
        """Take maps from an adapter: the embedding is the adapter's, and dropped here.

        Args:
            shape: Of the adapter's maps.

        Raises:
            ValueError: if they are not of the shape that the fusion works on.
        """
        if shape != self.shape:
            raise ValueError(
                f'the adapter makes maps of {shape} and VSFM takes {self.shape}: give both the '
                'same embed_dims, map_rows and channels'
            )
        self.embedding = None

    def forward(
        self,
        semantics: Tensor | list[QueryMaps],
        contents: Tensor,
        quality: FrameQualityScore | None = None,
    ) -> tuple[Tensor, None]:
        """Fuse one frame's semantics with the contents of its queries.

        Args:
            semantics: (n, C) semantics, or an adapter's maps.
            contents: (n, C) contents.
            quality: Not used: the weights are those of the ASPP.

        Returns:
            (n, C) fused contents; there is no one weight to report.
        """
        maps = self.embed(semantics, contents)
        if not maps:
            return contents, None
        shares = [pair.count / len(contents) for pair in maps]
        vectors = [
            checkpoint(self.fusion_vector, pair, use_reentrant=False)
            if self.with_cp and torch.is_grad_enabled()
            else self.fusion_vector(pair)
            for pair in maps
        ]
        return contents + sum(share * vector for share, vector in zip(shares, vectors)), None

    def embed(self, semantics: Tensor | list[QueryMaps], contents: Tensor) -> list[QueryMaps]:
        """Return an adapter's maps as they are, and make maps of rows.

        Raises:
            TypeError: Rows, although an adapter was to hand over maps, or the other way round.
        """
        if self.embedding is None and not isinstance(semantics, Tensor):
            return semantics
        if self.embedding is not None and isinstance(semantics, Tensor):
            return self.embedding(semantics, contents)
        raise TypeError(
            'VSFM takes maps of the adapter that it was linked with, or rows where there is none: '
            'link them in SemanticBranch'
        )

    def fusion_vector(self, maps: QueryMaps) -> Tensor:
        """Return the vector that a pair of maps gives, (C,)."""
        s, q = on_common_rows(
            self.semantics_attention(maps.semantics), self.queries_attention(maps.queries)
        )
        weight = self.weigh(self.aspp(s.with_rows(torch.cat((s.rows, q.rows), dim=1))))
        s, q, weight = on_common_rows(s, q, weight)
        share = weight.rows.softmax(dim=1)
        fused = s.with_rows(share * s.rows + (1 - share) * q.rows)
        small = self.shrink(self.fused_attention(fused)).expanded()
        return self.vector(small.rows.relu().flatten()).relu()
