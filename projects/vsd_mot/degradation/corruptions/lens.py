"""What is on the glass."""

from __future__ import annotations

import cv2
import numpy as np

from .base import Corruption, Frame, pixels


class LensDrops(Corruption):
    """Drops on the lens; the level is the share of the frame that they cover.

    A drop shows a small, blurred picture of the scene upside down; drops stay for the whole video
    but for their tremor.
    """

    levels = (0.03, 0.07, 0.13, 0.21, 0.32)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Look through the drops."""
        height, width = image.shape[:2]
        cover = np.zeros((height, width), np.float32)
        inside = cv2.GaussianBlur(image[::-1, ::-1], (0, 0), max(1.0, pixels(14, image)))
        through = cv2.GaussianBlur(image, (0, 0), max(1.0, pixels(22, image)))
        rng = self.video_rng(frame)
        tremor = np.sin(frame.number / 7)
        while cover.mean() < self.level:
            x, y = rng.uniform(0, width), rng.uniform(0, height)
            radius = pixels(rng.uniform(20, 75), image)
            axes = (round(16 * radius), round(16 * radius * rng.uniform(1.0, 1.35)))
            centre = (round(16 * x), round(16 * (y + tremor * radius * 0.03)))
            cv2.ellipse(cover, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(cover, (0, 0), max(0.8, pixels(4, image)))[..., None]
        drop = 0.35 * inside.astype(np.float32) + 0.65 * through
        wet = image * (1 - soft) + np.minimum(drop * 1.08 + 6, 255) * soft
        return np.rint(wet).astype(np.uint8)
