"""Inputs on which graphs are traced and compared."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

Size = tuple[int, int]


class Examples:
    """Makes inputs for the graphs of a tracker, always the same ones.

    Args:
        size: (height, width) of the frames.
        detector_size: Of those that a detector with an input of its own takes.
        tokens: ``(S, C)`` of a frame.
        rates_frames: Whether the step takes a quality.
        feature_dims: Length D of the image feature that the step takes; 0 where it takes none.
    """

    def __init__(
        self,
        *,
        size: Size,
        detector_size: Size | None,
        tokens: Tensor,
        rates_frames: bool,
        feature_dims: int,
    ) -> None:
        self.size = size
        self.detector_size = detector_size or size
        self.tokens = tokens
        self.rates_frames = rates_frames
        self.feature_dims = feature_dims
        self.generator = torch.Generator().manual_seed(0)

    def make(self, name: str, count: int) -> tuple[Tensor, ...]:
        """Make the inputs of a graph for so many frames or queries."""
        if name in ('encoder', 'detector'):
            size = self.size if name == 'encoder' else self.detector_size
            return (pictures(count, size, self.generator),)
        boxes = torch.rand(count, 4, generator=self.generator) * 0.5 + 0.25
        scores = torch.rand(count, generator=self.generator)
        if name == 'queries':
            return boxes, scores
        shape = (2, count, self.tokens.shape[1])
        contents, states = torch.randn(shape, generator=self.generator)
        if name == 'handover':
            return boxes, contents, scores, states, boxes.flip(0)
        quality = (torch.tensor(0.4),) if self.rates_frames else ()
        feature = torch.randn(1, self.feature_dims, generator=self.generator)
        return self.tokens, boxes, contents, *quality, *([feature] if self.feature_dims else [])


def pictures(count: int, size: Size, generator: torch.Generator) -> Tensor:
    """Make uint8 frames (count, 3, h, w) with structure of all scales, as those of a video have."""
    coarse = torch.rand(count, 3, 7, 9, generator=generator)
    smooth = F.interpolate(coarse, size, mode='bilinear', align_corners=False)
    grain = torch.rand(count, 3, *size, generator=generator)
    return ((0.85 * smooth + 0.15 * grain) * 255).to(torch.uint8)
