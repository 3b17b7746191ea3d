"""A camera in a hand or on a body."""

from __future__ import annotations

import cv2
import numpy as np

from ..seeding import stream
from .base import Corruption, Frame, pixels


class ShakyCamera(Corruption):
    """Hand shake, seen through a rolling shutter; the level is (path, skew) of a frame.

    Both are in thousandths of the shorter side: how far the picture is smeared while the shutter is
    open, and how far its last row has moved on from its first. The frame as a whole stays where
    it was, so that boxes stay true.
    """

    levels = ((6, 8), (11, 16), (18, 26), (27, 40), (40, 60))
    _points = 9  # positions of which the smear is the mean

    def velocity(self, frame: Frame) -> np.ndarray:
        """Movement of the camera in a frame (x, y), of unit size on the average.

        Three steps of a walk and the tremor of a hand, in frames of a video of 30 per second.
        """
        phases = stream(self.seed, frame.video, 'ShakyCamera/walk').uniform(0, 2 * np.pi, (3, 2))
        periods = np.array([17.0, 7.3, 4.1])[:, None]
        waves = np.sin(2 * np.pi * frame.number / periods + phases)
        return (waves * np.array([0.8, 0.7, 0.5])[:, None]).sum(axis=0)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Smear and skew."""
        height, width = image.shape[:2]
        path, skew = (pixels(part, image) for part in self.level)
        # A hand is never still: at least a third of the level.
        velocity = self.velocity(frame)
        velocity = velocity * max(1.0, 0.35 / max(float(np.linalg.norm(velocity)), 1e-6))
        columns, rows = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )
        roll = (rows / max(height - 1, 1) - 0.5).astype(np.float32)
        total = np.zeros(image.shape, np.float32)
        for moment in np.linspace(-0.5, 0.5, self._points):
            x = columns + np.float32(velocity[0]) * (skew * roll + np.float32(path * moment))
            y = rows + np.float32(velocity[1]) * (0.5 * skew * roll + np.float32(path * moment))
            total += cv2.remap(
                image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT_101,
            )  # fmt: skip
        return np.rint(total / self._points).astype(np.uint8)
