"""Things that hide people."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .ground import Ground
from .noise import blend_colour, fractal_noise

KINDS = {
    'plaza': ('planter', 'post', 'bollard'),
    'street': ('post', 'bollard', 'sign'),
    'park': ('bush', 'tree', 'bench'),
    'stage': ('speaker', 'post'),
}
# Breadth and height in metres.
SIZES = {
    'planter': (1.2, 0.7),
    'post': (0.14, 4.5),
    'bollard': (0.2, 0.9),
    'sign': (0.7, 2.4),
    'bush': (1.6, 1.0),
    'tree': (0.34, 5.0),
    'bench': (1.6, 0.8),
    'speaker': (0.7, 1.1),
}


@dataclass
class Obstacle:
    """Something that hides people behind it.

    Args:
        away: Distance in metres; people farther away are hidden by it.
        colour: (h, w, 3) uint8 BGR, in a finished scene lit and multiplied by alpha.
        alpha: (h, w) float32, 0..1.
        left: Canvas column of the first column.
        top: Canvas row of the first row.
    """

    away: float
    colour: np.ndarray
    alpha: np.ndarray
    left: int
    top: int


def paint_obstacles(
    rng: np.random.Generator, ground: Ground, *, width: int, unit: float, style: str
) -> list[Obstacle]:
    """Paint posts, planters and benches between the camera and some of the people.

    Args:
        rng: Source of randomness.
        ground: Geometry of the canvas.
        width: Width of the canvas in pixels.
        unit: Height of the frame in pixels.
        style: 'plaza', 'street', 'park' or 'stage'.

    Returns:
        Unlit obstacles, not yet multiplied by their alpha.
    """
    count = int(rng.integers(2, 5)) * max(1, round(width / (2.2 * unit)))
    if style == 'stage':
        count = int(rng.integers(0, 3))
    obstacles = []
    for _ in range(count):
        kind = str(rng.choice(KINDS[style]))
        away = rng.uniform(ground.near * 1.25, ground.far * 0.9)
        foot = ground.project(0.0, away)
        foot[0] = rng.uniform(0, width)
        obstacles.append(_paint_obstacle(rng, kind, away=away, foot=foot, scale=ground.scale(away)))
    return obstacles


def _paint_obstacle(
    rng: np.random.Generator, kind: str, *, away: float, foot: np.ndarray, scale: float
) -> Obstacle:
    breadth, rise = (size * rng.uniform(0.85, 1.15) * scale for size in SIZES[kind])
    detail = 3
    shape = (max(4, int(rise * detail)), max(4, int((breadth + 4) * detail)))
    colour = np.zeros((*shape, 3), np.float32)
    alpha = np.zeros(shape, np.float32)
    middle, bottom = shape[1] / 2, shape[0]
    half = breadth * detail / 2

    def box(x1: float, y1: float, x2: float, y2: float, *, paint: np.ndarray) -> None:
        corners = [round(v) for v in (x1, y1, x2, y2)]
        for layer, value in ((colour, paint.tolist()), (alpha, 1.0)):
            cv2.rectangle(layer, corners[:2], corners[2:], value, -1)

    paint = blend_colour(rng, (45, 50, 50), (120, 125, 130)) + rng.uniform(-12, 12, 3)
    if kind in ('post', 'tree', 'bollard', 'speaker'):
        paint = np.array([45, 65, 85], np.float32) if kind == 'tree' else paint
        box(middle - half, 0, middle + half, bottom, paint=paint)
    elif kind == 'sign':
        box(middle - 0.08 * half, 0.2 * bottom, middle + 0.08 * half, bottom, paint=paint)
        board = blend_colour(rng, (50, 50, 60), (200, 200, 210)) + rng.uniform(-40, 40, 3)
        box(middle - half, 0, middle + half, 0.33 * bottom, paint=board)
    elif kind == 'bench':
        for y in (0.05, 0.25, 0.5):
            box(middle - half, y * bottom, middle + half, (y + 0.13) * bottom, paint=paint)
        for x in (-0.85, 0.75):
            box(
                middle + x * half,
                0.1 * bottom,
                middle + (x + 0.1) * half,
                bottom,
                paint=0.7 * paint,
            )
    else:
        if kind == 'planter':
            box(middle - half, 0.5 * bottom, middle + half, bottom, paint=paint)
        floor = 0.55 if kind == 'planter' else 0.95
        for _ in range(160):
            x, y = middle + rng.uniform(-0.88, 0.88) * half, rng.uniform(0.14, floor) * bottom
            green = blend_colour(rng, (25, 55, 40), (55, 120, 95)) * (1.15 - 0.5 * y / bottom)
            radius = max(2, int(rng.uniform(0.05, 0.13) * bottom))
            for layer, value in ((colour, green.tolist()), (alpha, 1.0)):
                cv2.circle(layer, (int(x), int(y)), radius, value, -1)
    # Round or lit from one side: darker towards the other.
    ramp = np.linspace(1.15, 0.75, shape[1], dtype=np.float32)[None, :, None]
    grain = fractal_noise(rng, height=shape[0], width=shape[1], cell=max(4.0, 0.2 * scale))
    colour *= ramp * (1 + 0.06 * grain[..., None])
    size = (max(1, shape[1] // detail), max(1, shape[0] // detail))
    small_alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.resize(colour * alpha[..., None], size, interpolation=cv2.INTER_AREA))
    np.divide(small, np.maximum(small_alpha, 1e-3)[..., None], out=small)
    left, top = round(foot[0] - size[0] / 2), round(foot[1] - size[1])
    return Obstacle(away, np.clip(small, 0, 255).astype(np.uint8), small_alpha, left, top)
