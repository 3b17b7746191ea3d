"""Blur, noise, light, compression: corruptions that look at one frame only."""

from __future__ import annotations

import cv2
import numpy as np

from .. import VideoDegradation
from ..noise import add_gaussian_noise, add_poisson_noise
from ..numpy_backend import jpeg
from .base import Corruption, Frame, pixels

_GAMMA = 2.2


class GaussianNoise(Corruption):
    """Sensor noise; the level is its standard deviation in grey levels."""

    levels = (10, 20, 35, 50, 75)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Add it to each channel."""
        return add_gaussian_noise(image, self.level, grey=False, rng=self.frame_rng(frame))


class ShotNoise(Corruption):
    """Photon noise; the level is the number of photons that make white."""

    levels = (60, 25, 12, 6, 3)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Count photons."""
        rng = self.frame_rng(frame)
        return add_poisson_noise(image, 1.0, grey=False, rng=rng, photons=self.level)


class Defocus(Corruption):
    """A disk; the level is its radius in thousandths of the shorter side."""

    levels = (4, 6.5, 9, 12, 16)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Blur by a disk with a soft rim."""
        radius = pixels(self.level, image)
        half = int(np.ceil(radius)) + 1
        rows, columns = np.mgrid[-half : half + 1, -half : half + 1]
        disk = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1).astype(np.float32)
        return cv2.filter2D(image, -1, disk / disk.sum(), borderType=cv2.BORDER_REFLECT_101)


class MotionBlur(Corruption):
    """A shaken camera; the level is the path's length in thousandths of the shorter side."""

    levels = (8, 15, 24, 36, 52)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Blur along a line whose direction turns slowly."""
        start, turn = self.video_rng(frame).random(2)
        angle = np.pi * (start + (turn - 0.5) * frame.number / 50)
        # Points along the path, spread to the four pixels around each.
        half = pixels(self.level, image) / 2
        along = np.linspace(-half, half, 8 * int(np.ceil(half)) + 9)
        x, y = along * np.cos(angle), along * np.sin(angle)
        size = 2 * int(np.ceil(half)) + 3
        kernel = np.zeros((size, size), np.float32)
        left, top = np.floor(x).astype(int), np.floor(y).astype(int)
        for dx in (0, 1):
            for dy in (0, 1):
                weight = (1 - np.abs(x - left - dx)) * (1 - np.abs(y - top - dy))
                np.add.at(kernel, (top + dy + size // 2, left + dx + size // 2), weight)
        kernel /= kernel.sum()
        return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)


class LowLight(Corruption):
    """A dark scene: the level is (light left, noise in grey levels); 8 bits stay 8 bits."""

    levels = ((0.5, 2), (0.32, 3), (0.2, 4), (0.12, 5), (0.06, 6))

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Darken in linear light, then add the sensor's noise."""
        light, noise = self.level
        # A factor in linear light is a factor after the gamma curve, too.
        dark = cv2.convertScaleAbs(image, alpha=light ** (1 / _GAMMA))
        return add_gaussian_noise(dark, noise, grey=False, rng=self.frame_rng(frame))


class LowContrast(Corruption):
    """The level is the part of the contrast that is left around the mean grey."""

    levels = (0.6, 0.42, 0.29, 0.19, 0.11)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Pull all levels towards the frame's mean."""
        mean = float(image.mean())
        values = np.rint(mean + self.level * (np.arange(256) - mean)).astype(np.uint8)
        return cv2.LUT(image, values)


class JpegCompression(Corruption):
    """The level is the JPEG quality."""

    levels = (25, 18, 12, 8, 5)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Compress and decompress."""
        return jpeg(image, self.level)


class Downscaling(Corruption):
    """A small sensor; the level is the factor by which the frame shrinks."""

    levels = (2, 3, 4, 6, 8)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Average down and interpolate up again."""
        height, width = image.shape[:2]
        size = max(1, round(width / self.level)), max(1, round(height / self.level))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


class RealEsrgan(Corruption):
    """The mixture that makes LQDanceTrack; the level shifts the strengths of all its parts.

    Every video keeps one camera over the severities; what moves with them is how bad it is.
    """

    levels = (-1.5, -0.8, 0.0, 0.8, 1.5)

    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Pass it through its video's camera."""
        camera = VideoDegradation(frame.video, self.seed, shift=self.level)
        return camera(image, frame.number)
