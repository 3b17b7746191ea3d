"""What a mask refiner offers."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor


class MaskRefiner(Protocol):
    """Draws the object in each box of a picture."""

    def __call__(self, picture: Tensor, boxes: Tensor) -> Tensor:
        """Masks of the objects in boxes.

        The picture is encoded once, however many boxes there are.

        Args:
            picture: ``(3, H, W)`` uint8 RGB, the original one.
            boxes: ``(n, 4)`` (x_min, y_min, x_max, y_max) in its pixels, n at least 1.

        Returns:
            ``(n, H, W)`` bool.
        """
