"""What the parts of MOTRv2 must offer, as the loop over frames calls them.

Each is a module from the config; another one takes its place by offering the same. n is the number
of a frame's queries, C their width, boxes are normalised (cx, cy, w, h) unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from mmtrack.structures import TrackDataSample
from torch import Tensor, nn

from ..description import FrameDescription, SemanticOutput
from ..frames import FrameBatch, FrameFeatures, FrameObjects, Proposals
from .heads import FrameLoss
from .queries import FrameEvidence, QuerySet, SettledFrame
from .transformer import DecoderOutput, PredictionHead


class FrameAnalysis(NamedTuple):
    """What is known of a frame before there are queries.

    Attributes:
        features: The encoded frame.
        description: By the semantic branch; empty without one.
        proposals: Of a detector.
    """

    features: FrameFeatures
    description: FrameDescription
    proposals: Proposals


class Predictions(NamedTuple):
    """What the decoder and the semantic branch make of a frame's queries.

    Attributes:
        output: Predictions for the n queries.
        denoised: Predictions for the denoising queries, in training with denoising.
        semantic: Output of the semantic branch, where there is one.
    """

    output: DecoderOutput
    denoised: DecoderOutput | None
    semantic: SemanticOutput | None


class Networks(Protocol):
    """What computes the networks of a tracker at inference: the loop over frames asks it alone.

    The model itself does, by PyTorch; `vsd_mot.export` has one for exported graphs.
    """

    def analyse(
        self, frames: FrameBatch, data_samples: Sequence[TrackDataSample]
    ) -> list[FrameAnalysis]:
        """Encode and describe B frames and detect on them, unless the samples bring proposals."""
        ...

    def decode(
        self, queries: QuerySet, features: FrameFeatures, *, description: FrameDescription | None
    ) -> Predictions:
        """Let the semantic branch and the decoder predict for a frame's n queries."""
        ...

    def hand_on(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Make the next frame's queries of the tracks among n queries, states (n, C), boxes."""
        ...


class SemanticPart(Protocol):
    """What stands between "queries of this frame" and "decoder"."""

    def describe(self, frames: FrameBatch) -> list[FrameDescription]:
        """Describe B frames at once, before there are queries."""
        ...

    def __call__(self, contents: Tensor, description: FrameDescription) -> SemanticOutput:
        """Change the contents (n, C) of one frame's queries."""
        ...

    def total_loss(
        self, mot_losses: dict[str, Tensor], distill: list[dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Add the losses that :meth:`__call__` left in the output of each frame."""
        ...


class ProposalMaker(Protocol):
    """A detector in the loop.

    Attributes:
        shares_maps: Whether it reads ``maps`` of the features.
        network_modules: The modules that compute it from frames or maps; what follows is light.
    """

    shares_maps: bool

    @property
    def network_modules(self) -> Sequence[nn.Module]: ...

    def __call__(self, frames: FrameBatch, features: Sequence[FrameFeatures]) -> list[Proposals]:
        """Return the boxes and scores of each of B frames."""
        ...


class DetectionQueries(Protocol):
    """What makes the queries that look for new objects."""

    def __call__(self, proposals: Proposals) -> QuerySet:
        """Return queries without identity."""
        ...


class Decoder(Protocol):
    """What looks at the encoded frame for the queries."""

    def __call__(
        self,
        contents: Tensor,
        reference_boxes: Tensor,
        *,
        features: FrameFeatures,
        head: PredictionHead,
        attn_mask: Tensor | None = None,
        inner_classes: bool = True,
    ) -> DecoderOutput:
        """Predict for contents (n, C) at reference boxes (n, 4).

        A row of ``attn_mask``, (n, n), is True at the queries that it may not attend to.
        """
        ...


class Denoising(Protocol):
    """What makes denoising queries in training."""

    def __call__(self, boxes: Tensor) -> tuple[Tensor, Tensor]:
        """Return m boxes (m, 4) and contents (m, C) for the ground truth (M, 4)."""
        ...

    def attention_mask(self, num_queries: int, num_objects: int, device: torch.device) -> Tensor:
        """Return the decoder's mask, (n + m, n + m), for n queries and M objects."""
        ...


class TrackingLoss(Protocol):
    """The losses of a clip's frames, and what the ground truth makes of their queries."""

    def __call__(
        self, output: DecoderOutput, queries: QuerySet, objects: FrameObjects
    ) -> FrameLoss:
        """Return a frame's losses, its queries with new identities, the match of each layer."""
        ...

    def denoising(self, output: DecoderOutput, objects: FrameObjects) -> dict[str, Tensor]:
        """Return the losses of the denoising queries."""
        ...

    def num_objects(self, count: int, device: torch.device) -> Tensor:
        """Return what the losses are divided by, for so many objects in all frames."""
        ...


class Propagation(Protocol):
    """What hands tracks on to the next frame."""

    def __call__(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Choose the tracks among n queries, states (n, C), boxes (n, 4), and update them."""
        ...


class Lifecycle(Protocol):
    """Birth and death of tracks at inference."""

    def reset(self) -> None:
        """Begin a video."""
        ...

    def settle(self, evidence: FrameEvidence) -> SettledFrame:
        """Assign identities in a frame, and choose which of its n queries are in the result."""
        ...
