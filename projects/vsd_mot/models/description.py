"""What a semantic branch knows of a frame, and what it makes of the frame's queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor


@dataclass
class FrameQualityScore:
    """How good a frame is; tensors in [0, 1], higher is better in all four.

    Attributes:
        quality: Q of VSD-MOT's equation 13; 0-dim for one frame, (B,) for several.
        clarity: Share of fine structure that is no noise.
        noise: Freedom from noise (1: none measured).
        contrast: Spread of the grey values.
    """

    quality: Tensor
    clarity: Tensor
    noise: Tensor
    contrast: Tensor

    def frame(self, index: int) -> FrameQualityScore:
        """Return the score of one frame out of those of several."""
        return FrameQualityScore(
            quality=self.quality[index],
            clarity=self.clarity[index],
            noise=self.noise[index],
            contrast=self.contrast[index],
        )

    def components(self) -> dict[str, Tensor]:
        """Return quality, clarity, noise and contrast by name, detached."""
        return {
            'quality': self.quality.detach(),
            'clarity': self.clarity.detach(),
            'noise': self.noise.detach(),
            'contrast': self.contrast.detach(),
        }


@dataclass
class FrameDescription:
    """What is known of a frame before its queries are.

    Attributes:
        quality: Of the frame, where the branch has a quality part.
        image_feature: (1, D) image embedding, where the source of the semantics has one.
        teacher: (L, D) tokens of the teacher, in training with distillation.
    """

    quality: FrameQualityScore | None = None
    image_feature: Tensor | None = None
    teacher: Tensor | None = None


@dataclass
class SemanticOutput:
    """What a semantic branch makes of one frame's queries.

    Attributes:
        contents: (n, C) fused contents, the decoder's input.
        distill_losses: Unweighted distillation losses and the values logged with them; empty
            where there is no distillation.
        info: ``quality``, ``clarity``, ``noise``, ``contrast`` and ``semantic_weight`` of the
            frame, as far as the branch has parts for them; 0-dim, detached.
    """

    contents: Tensor
    distill_losses: dict[str, Tensor] = field(default_factory=dict)
    info: dict[str, Tensor] = field(default_factory=dict)
