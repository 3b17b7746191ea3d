"""From rows of semantics and contents to the maps that adapter and VSFM work on."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from .map_layers import ConvNorm, MapShape, RowConv
from .row_map import RowMap, RowPlan, query_plan


@dataclass
class QueryMaps:
    """Semantics and contents of the same queries as maps; row i of both is query i.

    Attributes:
        semantics: S, 16 channels.
        queries: Q, 16 channels.
        count: Queries in the maps, at least 1.
    """

    semantics: RowMap
    queries: RowMap
    count: int


class MapEmbedding(nn.Module):
    """Zero-pads rows to a one-channel map and takes it to 16 channels.

    A map holds ``shape.height`` queries. More of them (the published code cuts them off) go into
    further maps of the same size, each embedded by itself.

    Args:
        shape: Of a map.
        norm: Kind of norm, see :mod:`.map_norm`.
        collapse: Whether rows that are equal are stored once.
    """

    def __init__(self, shape: MapShape, norm: str, *, collapse: bool = True) -> None:
        super().__init__()
        self.shape = shape
        self.collapse = collapse
        self.semantics = ConvNorm(RowConv(1, shape.channels, 3), norm)
        self.queries = ConvNorm(RowConv(1, shape.channels, 3), norm)

    def forward(self, semantics: Tensor, contents: Tensor) -> list[QueryMaps]:
        """Embed the rows of one frame.

        Args:
            semantics: (n, C) semantics of the queries.
            contents: (n, C) contents of the queries.

        Returns:
            Ceil(n / height) of them; none where there are no queries.
        """
        if contents.shape[1] != self.shape.columns:
            raise ValueError(
                f'the maps are {self.shape.columns} wide and the queries {contents.shape[1]}: set '
                'embed_dims of adapter and fusion to the width of the tracker'
            )
        maps = []
        for rows, queries in zip(
            semantics.split(self.shape.height), contents.split(self.shape.height)
        ):
            if len(queries):
                plan = query_plan(len(queries), self.shape.height, collapse=self.collapse)
                maps.append(
                    QueryMaps(
                        self.semantics(_as_map(rows, plan)),
                        self.queries(_as_map(queries, plan)),
                        len(queries),
                    )
                )
        return maps


def _as_map(rows: Tensor, plan: RowPlan) -> RowMap:
    return RowMap(F.pad(rows, (0, 0, 0, plan.stored - len(rows)))[None, None], plan)
