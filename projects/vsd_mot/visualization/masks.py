"""Masks of tracks, drawn with OpenCV."""

from __future__ import annotations

import cv2
import numpy as np

from .palette import INK, Colour


def draw_mask(
    image: np.ndarray, mask: np.ndarray, *, colour: Colour, width: int, opacity: float = 0.35
) -> None:
    """Tint what a mask covers and draw its outline; in place.

    Args:
        image: (H, W, 3) uint8 BGR.
        mask: (h, w) bool, enlarged smoothly where the picture is larger.
        colour: BGR.
        width: Line width of the outline.
        opacity: Of the tint. Raising it hides more of the picture.
    """
    if not mask.any():
        return
    if mask.shape != image.shape[:2]:
        size = image.shape[1::-1]
        mask = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
    covered = image[mask]
    image[mask] = (covered * (1 - opacity) + np.array(colour) * opacity).astype(np.uint8)
    shape = mask.astype(np.uint8)
    outlines, _ = cv2.findContours(shape, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(image, outlines, -1, INK, width + 2, cv2.LINE_AA)
    cv2.drawContours(image, outlines, -1, colour, width, cv2.LINE_AA)
