"""What the parts of a semantic branch must offer: derive your own from these.

:class:`SemanticBranch` calls source, adapter, fusion and quality, and nothing else of them.
"""

from __future__ import annotations

from typing import Protocol

from mmengine.model import BaseModule
from torch import Tensor

from ..description import FrameDescription, FrameQualityScore
from ..frames import FrameBatch
from .map_embedding import QueryMaps
from .map_layers import MapShape


class SemanticSource(BaseModule):
    """Base of the sources of semantics: what is in the frame, for each query of it."""

    def describe(self, frames: FrameBatch) -> Tensor | None:
        """Embed B frames at once, before there are queries.

        Args:
            frames: The frames of a clip or of a window of a video.

        Returns:
            (B, D) embeddings, which come back as ``description.image_feature``; None, the
            default, from a source that does not look at the image.
        """
        return None

    def forward(self, contents: Tensor, description: FrameDescription) -> Tensor:
        """Return the semantics (n, C) of one frame's queries.

        Args:
            contents: (n, C) contents of the queries; n may be 0.
            description: What is known of the frame.
        """
        raise NotImplementedError


class SemanticFusion(BaseModule):
    """Base of what makes one content out of a query's own and its semantics.

    Attributes:
        needs_quality: Whether :meth:`forward` cannot do without a quality; the branch is then
            refused when it is built without a quality part.
        takes_maps: Whether :meth:`forward` takes the maps of an adapter in place of rows, after
            :meth:`take_maps` was called.
    """

    needs_quality: bool = False
    takes_maps: bool = False

    def take_maps(self, shape: MapShape) -> None:
        """Expect an adapter's maps from now on; called only where ``takes_maps`` is true.

        Args:
            shape: Of the adapter's maps.
        """
        raise NotImplementedError

    def forward(
        self,
        semantics: Tensor,
        contents: Tensor,
        quality: FrameQualityScore | None,
    ) -> tuple[Tensor, Tensor | None]:
        """Fuse one frame's semantics with the contents of its queries.

        Args:
            semantics: (n, C) semantics; an adapter's maps where :meth:`take_maps` was called.
            contents: (n, C) contents; n may be 0.
            quality: Of the frame; None where the branch has no quality part.

        Returns:
            Fused contents (n, C), and the weight of the semantics: 0-dim in [0, 1], None where
            the fusion has no one weight for the frame.
        """
        raise NotImplementedError


class SemanticAdapter(BaseModule):
    """Base of what fits semantics to the queries of tracking, between source and fusion."""

    def link(self, fusion: SemanticFusion) -> None:
        """Agree with the fusion that follows on what is handed over; by default (n, C) rows."""

    def forward(self, semantics: Tensor, contents: Tensor) -> Tensor | list[QueryMaps]:
        """Adapt the semantics of one frame's queries.

        Args:
            semantics: (n, C) semantics.
            contents: (n, C) contents.

        Returns:
            (n, C) adapted semantics, or the maps that were agreed on in :meth:`link`.
        """
        raise NotImplementedError


class QualityAssessment(Protocol):
    """What rates frames."""

    def __call__(self, frames: FrameBatch) -> list[FrameQualityScore]:
        """Return the score of each of B frames, of 0-dim tensors."""
        ...
