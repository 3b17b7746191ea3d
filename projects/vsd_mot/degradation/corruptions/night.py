"""A camera in the dark."""

from __future__ import annotations

import cv2
import numpy as np

from .base import Corruption, Frame


class NightInfrared(Corruption):
    """Infrared light of the camera's own lamp: grey, noisy, bright in the middle.

    The level is (light left at the rim, noise in grey levels, strength of hot spots). Noise is
    grey, for there is one channel, and coarse, for cameras smooth it; hot spots are what stands
    near or reflects the lamp.
    """

    levels = ((0.7, 5, 0.15), (0.5, 9, 0.3), (0.35, 14, 0.45), (0.22, 20, 0.6), (0.12, 28, 0.75))

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Light the frame by a lamp."""
        rim, noise, glare = self.level
        height, width = image.shape[:2]
        # Infrared sees leaves and cloth brighter than eyes do: red counts most.
        grey = image.astype(np.float32) @ np.array([0.1, 0.35, 0.55], np.float32)
        rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        rng = self.video_rng(frame)
        x, y = rng.uniform(-0.15, 0.15, 2)
        distance = ((columns - x) ** 2 + (rows - y) ** 2) / 2
        lit = grey * (rim + (1.15 - rim) * np.exp(-2.2 * distance))
        for _ in range(3):
            u, v = rng.uniform(-0.9, 0.9, 2)
            spot = np.exp(-((columns - u) ** 2 + (rows - v) ** 2) / rng.uniform(0.01, 0.04))
            lit += glare * 180 * spot
        grain = self.frame_rng(frame).normal(0, 1, (height, width)).astype(np.float32)
        grain = 0.6 * grain + 0.4 * 2 * cv2.GaussianBlur(grain, (0, 0), 0.9)
        lit += noise * grain
        return np.repeat(np.rint(lit).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
