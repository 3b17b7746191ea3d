"""What a lifecycle decides by, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ...frames import Proposals
from .query_set import QuerySet


@dataclass
class FrameEvidence:
    """All that is known of a frame when identities are settled.

    Attributes:
        queries: All n queries with this frame's scores: learned ones, one for each proposal, and
            one for each track, in this order.
        boxes: The decoder's boxes, normalised (cx, cy, w, h), ``(n, 4)``.
        proposals: The detector's boxes and scores.
        size: Height and width of the original image in pixels.
        quality: Of the frame, in [0, 1]; None where it is not measured.
        elapsed: Ticks of the model's clock since the frame before: 1 for each frame, or as long as
            it took (:class:`Clock`).
    """

    queries: QuerySet
    boxes: Tensor
    proposals: Proposals
    size: tuple[int, int]
    quality: float | None = None
    elapsed: float = 1.0


@dataclass
class SettledFrame:
    """The queries of a frame after identities are settled.

    Attributes:
        queries: The same n queries; those with an identity go on to the next frame.
        boxes: Their boxes, normalised (cx, cy, w, h), ``(n, 4)``.
        scores: Their confidences for the result, ``(n,)``.
        reported: Which of them belong in the result, mask ``(n,)``.
    """

    queries: QuerySet
    boxes: Tensor
    scores: Tensor
    reported: Tensor
