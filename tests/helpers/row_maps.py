"""Maps of random rows."""

import torch
import torch.nn.functional as F

from vsd_mot.models.semantics.row_map import RowMap, query_plan


def query_map(count: int, height: int = 64, channels: int = 2, width: int = 12) -> RowMap:
    """A map of ``count`` random rows and zeros below."""
    plan = query_plan(count, height)
    rows = torch.randn(1, channels, count, width)
    return RowMap(F.pad(rows, (0, 0, 0, plan.stored - count)), plan)
