"""What is remembered of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class LayerKeys:
    """How a layer of the propagation described a frame, before its masks are known.

    Attributes:
        keys: ``(B, N, a)``.
        values: ``(B, N, e)``, what the frame looks like.
        context: ``(B, N, d)`` normed identity branch; None in a layer that has none yet.
    """

    keys: Tensor
    values: Tensor
    context: Tensor | None


@dataclass
class LayerMemory:
    """What a layer of the propagation remembers of a frame, or of several one after the other.

    Attributes:
        keys: ``(B, N, a)``.
        values: ``(B, N, 2 e)``, what it looks like and which object is where.
    """

    keys: Tensor
    values: Tensor

    @classmethod
    def cat(cls, memories: Sequence[LayerMemory]) -> LayerMemory:
        """Several memories as one, in their order."""
        return cls(
            torch.cat([one.keys for one in memories], dim=1),
            torch.cat([one.values for one in memories], dim=1),
        )

    def tokens(self, start: int, stop: int) -> LayerMemory:
        """Return the tokens from ``start`` up to ``stop``."""
        return LayerMemory(self.keys[:, start:stop], self.values[:, start:stop])


# What all layers of the propagation remember of a frame, coarse layers first.
FrameMemory = list[LayerMemory]
