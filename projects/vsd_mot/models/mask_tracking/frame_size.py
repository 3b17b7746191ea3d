"""The size at which the network sees a picture."""

from __future__ import annotations

import cv2
import numpy as np
from torch import Tensor

STEP = 16


def network_size(
    height: int, width: int, *, short_edge: int = 480, long_edge: float = 1040
) -> tuple[int, int]:
    """Apply the published rule: at least ``short_edge``, at most ``long_edge``, then 16 k + 1.

    Args:
        height: Of the picture.
        width: Of the picture.
        short_edge: Smaller pictures are enlarged to it; larger ones stay as they are. Less is
            faster and loses small objects.
        long_edge: Larger pictures, after that, are shrunk to it. Very long ones then end below
            ``short_edge``.

    Returns:
        (height, width).
    """
    short = min(height, width)
    scale = short_edge / short if short < short_edge else 1.0
    tall, wide = height * scale, width * scale
    if max(tall, wide) > long_edge:
        scale = long_edge / max(tall, wide)
        tall, wide = tall * scale, wide * scale
    return round_side(int(tall)), round_side(int(wide))


def round_side(side: int) -> int:
    """Return the nearest 16 k + 1, half-way to the even k; at least 17."""
    return max(1, round((side - 1) / STEP)) * STEP + 1


def size_of(maps: Tensor) -> tuple[int, int]:
    """(H, W) of pictures or maps ``(..., H, W)``."""
    height, width = maps.shape[-2:]
    return height, width


def resize_picture(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize a picture ``(H, W, 3)`` uint8 to (height, width), bicubic as published."""
    if picture.shape[:2] == tuple(size):
        return picture
    return cv2.resize(picture, size[::-1], interpolation=cv2.INTER_CUBIC)
