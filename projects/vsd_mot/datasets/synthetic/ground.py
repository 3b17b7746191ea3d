"""Geometry of the ground, and what it is paved with."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .noise import blend_colour, fractal_noise

# Pixels of a texture tile, and the metres that it covers.
TILE_SIDE = 512
TILE_METRES = 12.0


@dataclass
class Ground:
    """Pinhole geometry of the canvas.

    Args:
        focal: Focal length in canvas pixels; a longer one shows everybody larger.
        eye_height: Height of the camera above the ground in metres.
        horizon: Canvas row of the horizon.
        centre: Canvas column of the optical axis.
        near: Distance of the nearest people in metres.
        far: Distance of the farthest people in metres.
    """

    focal: float
    eye_height: float
    horizon: float
    centre: float
    near: float
    far: float

    def scale(self, away: float) -> float:
        """Pixels per metre at a distance in metres."""
        return self.focal / away

    def project(self, right: float | np.ndarray, away: float | np.ndarray) -> np.ndarray:
        """Canvas coordinates (..., 2) of points on the ground.

        Args:
            right: Metres to the right of the optical axis.
            away: Metres from the camera, of a shape that broadcasts with ``right``.
        """
        right, away = np.broadcast_arrays(np.asarray(right, float), np.asarray(away, float))
        columns = self.centre + self.focal * right / away
        return np.stack([columns, self.horizon + self.focal * self.eye_height / away], -1)


def _enlarge(tone: np.ndarray, side: int) -> np.ndarray:
    """Enlarge a small picture to (side, side) float32, with sharp edges."""
    size = (side, side)
    return np.asarray(cv2.resize(tone, size, interpolation=cv2.INTER_NEAREST), np.float32)


def _plaza(rng: np.random.Generator, side: int) -> np.ndarray:
    base = blend_colour(rng, (115, 125, 135), (165, 175, 185))
    tiles = int(rng.choice([8, 12, 16]))
    tone = rng.uniform(0.86, 1.1, (tiles, tiles)).astype(np.float32)
    if rng.uniform() < 0.5:
        checker = np.indices((tiles, tiles)).sum(0) % 2
        tone *= 1 - 0.22 * checker
    image = _enlarge(tone, side)
    step = side // tiles
    for k in range(tiles):
        image[k * step : k * step + 3] *= 0.72
        image[:, k * step : k * step + 3] *= 0.72
    image *= 1 + 0.09 * rng.standard_normal((side, side)).astype(np.float32)
    return image[..., None] * base


def _street(rng: np.random.Generator, side: int) -> np.ndarray:
    image = np.full((side, side), 1.0, np.float32)
    image *= 1 + 0.12 * rng.standard_normal((side, side)).astype(np.float32)
    image *= 1 + 0.1 * fractal_noise(rng, height=side, width=side, cell=90)
    result = image[..., None] * blend_colour(rng, (78, 78, 78), (112, 110, 108))
    if rng.uniform() < 0.6:  # a zebra crossing, its bars pointing away from the camera
        for k in range(0, side, side // 10):
            result[60:200, k : k + side // 20] = 205 * image[60:200, k : k + side // 20, None]
    row = int(rng.integers(250, 440))
    result[row : row + 7] = 195 * image[row : row + 7, :, None]
    kerb = int(rng.integers(5, 40))
    result[kerb : kerb + 12] = 150 * image[kerb : kerb + 12, :, None]
    return result


def _park(rng: np.random.Generator, side: int) -> np.ndarray:
    blades = rng.standard_normal((side, side)).astype(np.float32)
    blades = cv2.GaussianBlur(blades, (0, 0), 1.0) * 0.5
    lawn = (1 + blades + 0.22 * fractal_noise(rng, height=side, width=side, cell=70))[..., None]
    lawn = lawn * blend_colour(rng, (55, 105, 90), (70, 130, 105))
    path = np.abs(np.arange(side) - side / 2)[:, None] / side
    path = path + 0.03 * fractal_noise(rng, height=side, width=side, cell=120, octaves=3)
    share = np.clip((0.27 - path) * 40, 0, 1)[..., None]
    gravel = 1 + 0.16 * rng.standard_normal((side, side, 1)).astype(np.float32)
    return (1 - share) * lawn + share * gravel * blend_colour(rng, (120, 145, 165), (150, 170, 185))


def _stage(rng: np.random.Generator, side: int) -> np.ndarray:
    boards = int(rng.choice([16, 24, 32]))
    tone = rng.uniform(0.85, 1.12, (boards, 4)).astype(np.float32)
    image = _enlarge(tone, side)
    step = side // boards
    for k in range(boards):
        image[k * step : k * step + 2] *= 0.65
    grain = cv2.GaussianBlur(
        rng.standard_normal((side, side)).astype(np.float32), (0, 0), 6, None, 0.7
    )
    image *= 1 + 0.5 * grain
    return image[..., None] * blend_colour(rng, (70, 95, 125), (105, 140, 170))


_PAVINGS = {'plaza': _plaza, 'street': _street, 'park': _park, 'stage': _stage}


def paint_ground(
    rng: np.random.Generator,
    ground: Ground,
    *,
    width: int,
    height: int,
    unit: float,
    style: str,
) -> np.ndarray:
    """Paint the ground of a style in perspective.

    Args:
        rng: Source of randomness.
        ground: Geometry of the canvas.
        width: Width of the canvas in pixels.
        height: Height of the canvas in pixels.
        unit: Height of the frame in pixels, to which the size of stains is relative.
        style: 'plaza', 'street', 'park' or 'stage'.

    Returns:
        (height, width, 3) float32 BGR, meaningful below the horizon.
    """
    side, metres = TILE_SIDE, TILE_METRES
    texture = _PAVINGS[style](rng, side)
    rows = np.arange(height, dtype=np.float32)
    below = np.maximum(rows - ground.horizon, 0.6)
    away = ground.focal * ground.eye_height / below
    columns = np.arange(width, dtype=np.float32) - ground.centre
    right = columns[None] * (away / ground.focal)[:, None]
    turn = rng.uniform(-0.5, 0.5) if style != 'street' else 0.0
    grid_x = (np.cos(turn) * right - np.sin(turn) * away[:, None]) * side / metres
    grid_y = (np.sin(turn) * right + np.cos(turn) * away[:, None]) * side / metres
    map_x, map_y = (grid_x % side).astype(np.float32), (grid_y % side).astype(np.float32)
    # The texture is averaged where many of its pixels fall into one of the canvas.
    footprint = away**2 / (ground.focal * ground.eye_height) * side / metres
    result = np.zeros((height, width, 3), np.float32)
    level = np.clip(np.log2(np.maximum(footprint, 1.0)), 0, 5)
    for k in range(6):
        weight = np.clip(1 - np.abs(level - k), 0, 1)[:, None, None]
        if weight.max() == 0:
            continue
        tiled = cv2.copyMakeBorder(texture, 64, 64, 64, 64, cv2.BORDER_WRAP)
        soft = cv2.GaussianBlur(tiled, (0, 0), 0.6 * 2**k)[64:-64, 64:-64] if k else texture
        view = cv2.remap(soft, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        result += weight.astype(np.float32) * view
    # Patches larger than a tile of the texture: dirt, wear, puddles.
    stains = fractal_noise(rng, height=height, width=width, cell=unit * 0.35, octaves=5)
    result *= 1 + 0.13 * stains[..., None]
    # The repetition of the texture would show in the distance.
    far = np.clip((away / ground.far - 1.2) / 1.5, 0, 0.9).astype(np.float32)[:, None, None]
    return (1 - far) * result + far * texture.mean((0, 1))
