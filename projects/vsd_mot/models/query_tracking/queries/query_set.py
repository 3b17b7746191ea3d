"""The queries of a frame, as one thing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor


@dataclass
class QuerySet:
    """n queries with what the tracker knows of each.

    Attributes:
        reference_boxes: Normalised boxes (cx, cy, w, h), ``(n, 4)``.
        contents: Content vectors, ``(n, C)``.
        track_ids: Identities, int64, ``(n,)``; -1 for a query without one.
        scores: Confidence of the last frame's prediction in [0, 1], ``(n,)``.
        ious: IoU with its object when last matched (training), ``(n,)``; 1 before any match.
        missed: Ticks (frames, unless the clock counts seconds) for which the score has stayed low
            (inference), ``(n,)``.
    """

    reference_boxes: Tensor
    contents: Tensor
    track_ids: Tensor
    scores: Tensor
    ious: Tensor
    missed: Tensor

    @classmethod
    def fresh(cls, reference_boxes: Tensor, contents: Tensor) -> 'QuerySet':
        """Make queries without identity or history: ``(n, 4)`` boxes, ``(n, C)`` contents."""
        count, device = len(reference_boxes), reference_boxes.device
        return cls(
            reference_boxes=reference_boxes,
            contents=contents,
            track_ids=torch.full((count,), -1, dtype=torch.long, device=device),
            scores=torch.zeros(count, device=device),
            ious=torch.ones(count, device=device),
            missed=torch.zeros(count, device=device),
        )

    @classmethod
    def cat(cls, query_sets: Sequence['QuerySet']) -> 'QuerySet':
        """Return the queries of several sets, in order."""
        return cls(
            **{
                field.name: torch.cat([getattr(queries, field.name) for queries in query_sets])
                for field in fields(cls)
            }
        )

    def __len__(self) -> int:
        return len(self.track_ids)

    def __getitem__(self, index: Tensor | slice) -> 'QuerySet':
        """Return the queries that a mask, an index tensor or a slice selects."""
        return QuerySet(**{field.name: getattr(self, field.name)[index] for field in fields(self)})

    def replace(self, **changes: Tensor) -> 'QuerySet':
        """Return the same queries with some fields changed."""
        return replace(self, **changes)
