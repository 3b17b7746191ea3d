"""What stands behind the ground."""

from __future__ import annotations

import cv2
import numpy as np

from .noise import blend_colour, fractal_noise


def paint_backdrop(
    rng: np.random.Generator, *, width: int, horizon: int, unit: float, style: str
) -> np.ndarray:
    """Paint what stands behind the ground: sky and buildings, trees, or a wall.

    Args:
        rng: Source of randomness.
        width: Width of the canvas in pixels.
        horizon: Canvas row of the horizon.
        unit: Height of the frame in pixels, to which all sizes are relative.
        style: 'plaza', 'street', 'park' or 'stage'.

    Returns:
        (horizon, width, 3) float32 BGR.
    """
    if style == 'stage':
        return _paint_wall(rng, width=width, horizon=horizon, unit=unit)
    top = blend_colour(rng, (190, 160, 120), (225, 195, 165))
    bottom = np.array([225, 222, 215], np.float32)
    blend = np.linspace(0, 1, horizon, dtype=np.float32)[:, None, None]
    sky = np.repeat((1 - blend) * top + blend * bottom, width, 1)
    clouds = np.clip(fractal_noise(rng, height=horizon, width=width, cell=horizon * 1.2), 0, 1)[
        ..., None
    ]
    sky += 0.7 * clouds * (245 - sky)
    if style in ('plaza', 'street'):
        _paint_buildings(rng, sky, unit)
    _paint_trees(rng, sky, unit=unit, count=22 if style == 'park' else 5)
    return sky


def _paint_buildings(rng: np.random.Generator, image: np.ndarray, unit: float) -> None:
    horizon, width = image.shape[:2]
    column = -int(rng.uniform(0, 0.3 * unit))
    while column < width:
        breadth = int(rng.uniform(0.3, 0.75) * unit)
        top = int(horizon - rng.uniform(0.25, 1.3) * horizon)
        wall = blend_colour(rng, (90, 105, 125), (175, 185, 195)) + rng.uniform(-14, 14, 3)
        left, right = max(column, 0), min(column + breadth, width)
        if right > left:
            area = image[max(top, 0) : horizon, left:right]
            area[:] = wall
            area *= 1 + 0.05 * rng.standard_normal(area.shape[:2])[..., None].astype(np.float32)
            glass = blend_colour(rng, (60, 55, 50), (120, 105, 90))
            pitch_x, pitch_y = (int(rng.uniform(a, b) * unit) + 3 for a, b in ((0.05, 0.09),) * 2)
            for y in range(horizon - 2 * pitch_y, max(top, -pitch_y), -pitch_y):
                for x in range(left + pitch_x // 3, right - pitch_x // 2, pitch_x):
                    bright = 2.0 if rng.uniform() < 0.12 else rng.uniform(0.8, 1.2)
                    window = image[max(y, 0) : max(y + pitch_y // 2, 0), x : x + pitch_x // 2]
                    window[:] = np.minimum(glass * bright, 240)
            # Doors and shop fronts reach down to the ground.
            for x in range(left, right - pitch_x, 2 * pitch_x):
                front = image[horizon - pitch_y : horizon, x + 2 : x + int(1.6 * pitch_x)]
                front[:] = blend_colour(rng, (35, 35, 35), (140, 140, 160)) + rng.uniform(
                    -30, 30, 3
                )
        column += breadth + int(max(0.0, rng.uniform(-0.2, 0.12)) * unit)


def _paint_trees(rng: np.random.Generator, image: np.ndarray, *, unit: float, count: int) -> None:
    horizon, width = image.shape[:2]
    for _ in range(count * width // max(1, int(2 * unit))):
        x, radius = rng.uniform(0, width), rng.uniform(0.06, 0.16) * unit
        green = blend_colour(rng, (30, 60, 45), (50, 105, 85))
        trunk = round(0.1 * radius) + 1
        cv2.line(image, (int(x), horizon), (int(x), int(horizon - radius)), (45, 60, 75), trunk)
        for _ in range(26):
            dx, dy = rng.normal(0, 0.45, 2) * radius
            centre = (int(x + dx), int(min(horizon - 1.25 * radius + dy, horizon - 3)))
            shade = green * float(np.clip(1 - 0.5 * dy / radius, 0.6, 1.5))
            blob = round(radius * rng.uniform(0.18, 0.4))
            cv2.circle(image, centre, blob, shade.tolist(), -1, cv2.LINE_AA)


def _paint_wall(rng: np.random.Generator, *, width: int, horizon: int, unit: float) -> np.ndarray:
    """Return a hall: panels, mirrors or curtains, a skirting board, lamps."""
    wall = np.tile(blend_colour(rng, (90, 80, 85), (175, 175, 190)), (horizon, width, 1))
    if rng.uniform() < 0.5:
        folds = np.sin(np.arange(width) * 2 * np.pi / (rng.uniform(0.04, 0.08) * unit))
        folds += 0.5 * fractal_noise(rng, height=1, width=width, cell=0.1 * unit)[0]
        wall *= (1 + 0.16 * folds)[None, :, None]
    else:
        pitch = int(rng.uniform(0.25, 0.5) * unit)
        for x in range(0, width, pitch):
            tone = rng.uniform(0.75, 1.25)
            wall[int(0.1 * horizon) : int(0.85 * horizon), x + 3 : x + pitch - 3] *= tone
    wall *= 1 + 0.08 * fractal_noise(rng, height=horizon, width=width, cell=0.3 * unit)[..., None]
    wall[int(0.93 * horizon) :] *= 0.55
    return wall.astype(np.float32)
