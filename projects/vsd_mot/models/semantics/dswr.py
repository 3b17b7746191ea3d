"""Fusion of semantics and query contents with one weight for a frame: DSWR and its ablations."""

from __future__ import annotations

import math

import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from ..description import FrameQualityScore
from .parts import SemanticFusion


def blend(semantics: Tensor, contents: Tensor, weight: Tensor) -> Tensor:
    """Equation 14: ``weight * semantics + (1 - weight) * contents``, (n, C) each."""
    return weight * semantics + (1 - weight) * contents


@MODELS.register_module()
class DSWR(SemanticFusion):
    """Dynamic Semantic Weight Regulation (VSD-MOT section III-C).

    The worse the frame, the more its semantics count: ``sigmoid(W * Q + b)`` with a learned slope
    W that is ``-softplus`` of its parameter, so that no training can turn the promise round.

    Args:
        slope: W at the start, below 0. The further below, the more the weight differs between
            poor and good frames. With both defaults it begins at 0.88 for the worst frame (Q = 0)
            and at 0.12 for the best (Q = 1).
        bias: b at the start. Raising it gives the semantics more weight in every frame.

    Raises:
        ValueError: if ``slope`` is not negative.
    """

    needs_quality = True

    def __init__(self, *, slope: float = -4.0, bias: float = 2.0) -> None:
        super().__init__()
        if slope >= 0:
            raise ValueError(
                f'slope={slope}: the semantic weight has to rise as quality falls, so it must be '
                'negative'
            )
        self.raw_slope = nn.Parameter(torch.tensor(math.log(math.expm1(-slope))))
        self.bias = nn.Parameter(torch.tensor(float(bias)))

    @property
    def slope(self) -> Tensor:
        """W, 0-dim, below 0 whatever the parameter."""
        # softplus underflows to 0 for very negative parameters: the promise needs a floor
        return -(F.softplus(self.raw_slope) + 1e-6)

    def weight(self, quality: Tensor) -> Tensor:
        """Semantic weight for a quality Q (equation 13), of Q's shape."""
        return torch.sigmoid(self.slope * quality + self.bias)

    def forward(
        self, semantics: Tensor, contents: Tensor, quality: FrameQualityScore | None
    ) -> tuple[Tensor, Tensor]:
        """Fuse one frame.

        Args:
            semantics: (n, C) semantics S.
            contents: (n, C) query contents X.
            quality: Of the frame.

        Returns:
            Fused contents (n, C), and the semantic weight (0-dim).

        Raises:
            ValueError: There is no quality.
        """
        if quality is None:
            raise ValueError('DSWR weighs by the quality of the frame, and got none')
        weight = self.weight(quality.quality)
        return blend(semantics, contents, weight), weight


@MODELS.register_module()
class FixedFusion(SemanticFusion):
    """Fusion at a fixed ratio: what DSWR is compared with.

    Args:
        weight: Share of the semantics, in [0, 1]; 0 leaves the contents as they are, 1 replaces
            them.

    Raises:
        ValueError: if ``weight`` is not in [0, 1].
    """

    def __init__(self, weight: float = 0.5) -> None:
        super().__init__()
        if not 0 <= weight <= 1:
            raise ValueError(f'weight={weight}: the share of the semantics is between 0 and 1')
        self.register_buffer('weight', torch.tensor(float(weight)), persistent=False)

    def forward(
        self, semantics: Tensor, contents: Tensor, quality: FrameQualityScore | None
    ) -> tuple[Tensor, Tensor]:
        """Fuse one frame; arguments and result as in ``DSWR``, the quality is not used."""
        return blend(semantics, contents, self.weight), self.weight


@MODELS.register_module()
class LearnedScalarFusion(SemanticFusion):
    """Fusion at a learned ratio, the same for every frame.

    Args:
        weight: Share of the semantics at the start, between 0 and 1. Raising it starts with more
            semantics.

    Raises:
        ValueError: if ``weight`` is not between 0 and 1.
    """

    def __init__(self, weight: float = 0.5) -> None:
        super().__init__()
        if not 0 < weight < 1:
            raise ValueError(f'weight={weight}: a learned share starts between 0 and 1')
        self.logit = nn.Parameter(torch.tensor(math.log(weight / (1 - weight))))

    def forward(
        self, semantics: Tensor, contents: Tensor, quality: FrameQualityScore | None
    ) -> tuple[Tensor, Tensor]:
        """Fuse one frame; arguments and result as in ``DSWR``, the quality is not used."""
        weight = torch.sigmoid(self.logit)
        return blend(semantics, contents, weight), weight
