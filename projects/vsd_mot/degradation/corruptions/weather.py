"""Rain and fog."""

from __future__ import annotations

import cv2
import numpy as np

from .base import Corruption, Frame, pixels


class Fog(Corruption):
    """The level is the light that comes through at the bottom of the frame, where things are near.

    Koschmieder's law, ``image * t + airlight * (1 - t)`` with ``t = level ** depth``. The fog has
    banks that drift, and it thickens towards the top, where things are far. Its numbers were chosen
    by eye, on frames of street scenes.

    Args:
        severity: 1 (mild) to 5. Raising it makes the frame worse.
        seed: Another one gives another course of the same fog.
        airlight: Grey level of the fog itself; raising it makes it brighter.
        far_depth: Depth of the top row, where that of the bottom row is 1; raising it hides what
            is far away sooner.
        bank_depth: Least and greatest factor that the banks put on the depth; a wider range makes
            them more visible.
        crossing: Frames in which a bank drifts through the width of the frame; raising it slows
            them.
    """

    levels = (0.75, 0.6, 0.46, 0.33, 0.2)

    def __init__(
        self,
        severity: int,
        seed: int = 0,
        *,
        airlight: float = 215.0,
        far_depth: float = 1.6,
        bank_depth: tuple[float, float] = (0.85, 1.15),
        crossing: float = 300,
    ) -> None:
        super().__init__(severity, seed)
        self.airlight = airlight
        self.far_depth = far_depth
        self.bank_depth = bank_depth
        self.crossing = crossing

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Blend with the airlight."""
        height, width = image.shape[:2]
        rng = self.video_rng(frame)
        # Banks of a third of the frame on a ground three frames wide, of which a window is visible.
        banks = rng.random((5, 13)).astype(np.float32)
        ground = cv2.resize(banks, (3 * width, height), interpolation=cv2.INTER_CUBIC)
        offset = (rng.random() * 2 * width + frame.number * width / self.crossing) % (2 * width)
        window = ground[:, int(offset) : int(offset) + width].clip(0, 1)
        distance = np.linspace(self.far_depth, 1.0, height, dtype=np.float32)[:, None]
        thin, thick = self.bank_depth
        depth = distance * (thin + (thick - thin) * window)
        through = np.power(np.float32(self.level), depth)[..., None]
        foggy = image * through + self.airlight * (1 - through)
        return np.rint(foggy).clip(0, 255).astype(np.uint8)


class Rain(Corruption):
    """The level is the part of the frame's pixels in which a drop starts.

    Streaks fall in the video's direction, new ones in every frame; the more of them, the duller
    the scene behind. Its numbers were chosen by eye, on frames of street scenes.

    Args:
        severity: 1 (mild) to 5. Raising it makes the frame worse.
        seed: Another one gives another course of the same rain.
        length: Of a streak, in thousandths of the frame's shorter side; raising it hides more.
        brightness: Grey level of the streaks.
        opacity: Of a single streak, in [0, 1]; raising it hides more.
        max_opacity: Of streaks that overlap; raising it hides more where they are dense.
        max_slant: Degrees from the vertical that the direction of a video has at most.
        dulling: How many times the level the contrast of the scene falls by; raising it makes the
            scene greyer.
    """

    levels = (0.002, 0.005, 0.010, 0.018, 0.032)

    def __init__(
        self,
        severity: int,
        seed: int = 0,
        *,
        length: float = 35,
        brightness: float = 200.0,
        opacity: float = 0.45,
        max_opacity: float = 0.8,
        max_slant: float = 15,
        dulling: float = 4,
    ) -> None:
        super().__init__(severity, seed)
        self.length = length
        self.brightness = brightness
        self.opacity = opacity
        self.max_opacity = max_opacity
        self.max_slant = max_slant
        self.dulling = dulling

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Draw streaks over a duller frame."""
        height, width = image.shape[:2]
        turn = 2 * self.max_slant * (self.video_rng(frame).random() - 0.5)
        rng = self.frame_rng(frame)
        # The drops of a severity are among those of the next one.
        drops = (rng.random((height, width), np.float32) < self.level).astype(np.float32)
        streak = self._streak(np.tan(np.deg2rad(turn)), max(3.0, pixels(self.length, image)))
        opacity = cv2.filter2D(drops, -1, streak * self.opacity)
        opacity = opacity.clip(0, self.max_opacity)[..., None]
        lost = self.dulling * self.level
        dull = image * (1 - lost) + image.mean() * lost
        return np.rint(dull * (1 - opacity) + self.brightness * opacity).astype(np.uint8)

    @staticmethod
    def _streak(slant: float, length: float) -> np.ndarray:
        """Draw a line of a length in pixels through the middle of a square, float32 in [0, 1]."""
        size = 2 * int(np.ceil(length / 2)) + 1
        streak = np.zeros((size, size), np.uint8)
        middle, reach = size // 2, slant * length / 2
        start = (round(16 * (middle - reach)), 0)
        stop = (round(16 * (middle + reach)), 16 * (size - 1))
        cv2.line(streak, start, stop, 255, 1, cv2.LINE_AA, shift=4)
        return streak.astype(np.float32) / 255


class Snow(Corruption):
    """The level is how many flakes there are in a square of a tenth of the shorter side.

    Flakes of three distances, near ones large, fast and out of focus; a bright haze grows with
    them.
    """

    levels = (0.4, 0.9, 1.8, 3.2, 5.5)
    _depths = ((2.2, 0.75), (4.0, 0.6), (9.0, 0.35))  # diameter in thousandths, opacity

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Let flakes fall before a duller frame."""
        height, width = image.shape[:2]
        wind = self.video_rng(frame).normal(0, 0.25)
        rng = self.frame_rng(frame)
        square = (min(height, width) / 10) ** 2
        opacity = np.zeros((height, width), np.float32)
        for diameter, opaque in self._depths:
            # As many as the worst severity has, of which the first are drawn.
            most = round(self.levels[-1] * height * width / square / diameter)
            places = rng.random((most, 2)) * (width, height)
            sizes = rng.uniform(0.6, 1.4, most) * pixels(diameter, image)
            count = round(most * self.level / self.levels[-1])
            layer = np.zeros((height, width), np.float32)
            for (x, y), size in zip(places[:count], sizes[:count]):
                _draw_flake(layer, x, y, size=size, wind=wind)
            layer[:] = cv2.GaussianBlur(layer, (0, 0), max(0.4, pixels(diameter, image) / 5))
            np.maximum(opacity, opaque * layer, out=opacity)
        haze = 0.05 * self.level
        dull = image * (1 - haze) + 190.0 * haze
        opacity = opacity[..., None]
        return np.rint(dull * (1 - opacity) + 245.0 * opacity).clip(0, 255).astype(np.uint8)


def _draw_flake(layer: np.ndarray, x: float, y: float, *, size: float, wind: float) -> None:
    """Draw a flake as the short streak that it leaves while the shutter is open."""
    scale = 16
    way = (size * wind, size)
    start = (round(scale * x), round(scale * y))
    stop = (round(scale * (x + way[0])), round(scale * (y + way[1])))
    cv2.line(layer, start, stop, 1.0, max(1, round(size)), cv2.LINE_AA, shift=4)
