"""Random smooth fields and colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np


def fractal_noise(
    rng: np.random.Generator, *, height: int, width: int, cell: float, octaves: int = 4
) -> np.ndarray:
    """Smooth noise.

    Args:
        rng: Source of randomness.
        height: Rows.
        width: Columns.
        cell: Size of the coarsest structure in pixels.
        octaves: Number of halvings of the structure. Raising it adds finer structure.

    Returns:
        (height, width) float32 with mean about 0, within about -1..1.
    """
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    for _ in range(octaves):
        rows, columns = (max(2, int(np.ceil(n / cell)) + 1) for n in (height, width))
        grid = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
        size = (max(width, int(columns * cell)), max(height, int(rows * cell)))
        total += strength * cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC)[:height, :width]
        strength *= 0.55
        cell = max(cell / 2, 1.0)
    return total / 1.6


def blend_colour(
    rng: np.random.Generator, low: Sequence[float], high: Sequence[float]
) -> np.ndarray:
    """Return a BGR colour, float32 (3,), drawn on the line between two."""
    start, end = np.array(low, np.float32), np.array(high, np.float32)
    return start + rng.uniform() * (end - start)
