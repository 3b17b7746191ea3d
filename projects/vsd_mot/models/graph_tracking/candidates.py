"""Which tracklets might be one person: the candidate edges of a level."""

from __future__ import annotations

import torch
from torch import Tensor


def candidate_edges(start: Tensor, end: Tensor, window: int) -> Tensor:
    """Pair tracklets of one time window that do not overlap in time (SPEC 3.2).

    Args:
        start: First frame of each of N tracklets, ``(N,)``, ascending.
        end: Last frame, ``(N,)``.
        window: Frames of a window; raising it joins across longer gaps, and costs with its square.

    Returns:
        Edges (earlier, later), ``(2, E)`` int64: by window, end of the earlier one, earlier, later.
    """
    if len(start) == 0:
        return torch.zeros(2, 0, dtype=torch.long, device=start.device)
    windows = (start - start[0]) // window
    edges = []
    first = 0
    for size in torch.bincount(windows).tolist():
        inside = slice(first, first + size)
        earlier, later = torch.nonzero(end[inside, None] < start[None, inside], as_tuple=True)
        order = torch.argsort(end[inside][earlier], stable=True)
        edges.append(torch.stack([earlier[order], later[order]]) + first)
        first += size
    return torch.cat(edges, dim=1)
