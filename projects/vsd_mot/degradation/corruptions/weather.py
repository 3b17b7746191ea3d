"""Rain and fog."""

from __future__ import annotations

import cv2
import numpy as np

from .base import Corruption, Frame, pixels


class Fog(Corruption):
    """The level is the light that comes through at the bottom of the frame, where things are near.

    The fog has banks that drift, and it thickens towards the top, where things are far.
    """

    levels = (0.75, 0.6, 0.46, 0.33, 0.2)
    _airlight = 215.0

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Blend with the airlight."""
        height, width = image.shape[:2]
        rng = self.video_rng(frame)
        # Banks of a third of the frame on a ground three frames wide, of which a window is visible.
        banks = rng.random((5, 13)).astype(np.float32)
        ground = cv2.resize(banks, (3 * width, height), interpolation=cv2.INTER_CUBIC)
        offset = (rng.random() * 2 * width + frame.number * width / 300) % (2 * width)
        visible = ground[:, int(offset) : int(offset) + width]
        far = np.linspace(1.6, 1.0, height, dtype=np.float32)[:, None]
        depth = far * (0.85 + 0.3 * visible.clip(0, 1))
        through = np.power(np.float32(self.level), depth)[..., None]
        foggy = image * through + self._airlight * (1 - through)
        return np.rint(foggy).clip(0, 255).astype(np.uint8)


class Rain(Corruption):
    """The level is the part of the frame's pixels in which a drop starts.

    Streaks fall in the video's direction, new ones in every frame; the more of them, the duller
    the scene behind.
    """

    levels = (0.002, 0.005, 0.010, 0.018, 0.032)
    _length = 35  # thousandths of the shorter side
    _brightness = 200.0

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Draw streaks over a duller frame."""
        height, width = image.shape[:2]
        slant = np.tan(np.deg2rad(30 * (self.video_rng(frame).random() - 0.5)))
        rng = self.frame_rng(frame)
        # The drops of a severity are among those of the next one.
        drops = (rng.random((height, width), np.float32) < self.level).astype(np.float32)
        length = max(3.0, pixels(self._length, image))
        size = 2 * int(np.ceil(length / 2)) + 1
        streak = np.zeros((size, size), np.uint8)
        middle, reach = size // 2, slant * length / 2
        start = (round(16 * (middle - reach)), 0)
        stop = (round(16 * (middle + reach)), 16 * (size - 1))
        cv2.line(streak, start, stop, 255, 1, cv2.LINE_AA, shift=4)
        opacity = cv2.filter2D(drops, -1, streak.astype(np.float32) / 255 * 0.45)
        opacity = opacity.clip(0, 0.8)[..., None]
        dull = image * (1 - 4 * self.level) + image.mean() * 4 * self.level
        return np.rint(dull * (1 - opacity) + self._brightness * opacity).astype(np.uint8)
