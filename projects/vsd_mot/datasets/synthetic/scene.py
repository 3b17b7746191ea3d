"""Places: ground in perspective, buildings, trees, shadows, and things that stand in the way.

A place is painted once per sequence on a canvas larger than the frame; the camera then looks at a
moving part of it. The ground is the plane y = 0 of a pinhole camera, so that a person at distance
Z is ``focal / Z`` pixels per metre tall and stands ``focal * eye_height / Z`` rows below the
horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .backdrop import paint_backdrop
from .ground import Ground, paint_ground
from .noise import fractal_noise
from .obstacles import Obstacle, paint_obstacles

STYLES = ('plaza', 'street', 'park', 'stage')
LIGHTS = ('sun', 'overcast', 'dusk', 'night')


@dataclass
class Scene:
    """A painted place.

    Args:
        canvas: (H, W, 3) float32 BGR, 0..255, lit.
        light: (H, W) float32, the illumination that the ground has at each canvas pixel; people
            standing there get it too.
        ground: The geometry.
        obstacles: What stands in the way, in no order.
        shadow: (x, y) of a person's cast shadow per unit of height on the canvas, y positive
            towards the camera; None where there is no directed light.
        shadow_strength: Share of the light that a shadow takes.
        light_from: -1 light from the left to 1 from the right.
        tint: (3,) float32 BGR, the colour of the light.
    """

    canvas: np.ndarray
    light: np.ndarray
    ground: Ground
    obstacles: list[Obstacle]
    shadow: tuple[float, float] | None
    shadow_strength: float
    light_from: float
    tint: np.ndarray


class ScenePainter:
    """Paints one place.

    Args:
        rng: Source of all randomness.
        width: Width of the canvas in pixels.
        height: Height of the canvas in pixels.
        view: The part (x1, y1, x2, y2) of the canvas which a camera at rest sees; sizes are
            relative to it.
        style: One of ``STYLES``.
        light: One of ``LIGHTS``.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        width: int,
        height: int,
        view: tuple[float, float, float, float],
        style: str,
        light: str,
    ) -> None:
        self.rng, self.width, self.height, self.style = rng, width, height, style
        self.lighting = light
        self.view_height = view[3] - view[1]
        rise = rng.uniform(0.2, 0.33) if style != 'stage' else rng.uniform(0.28, 0.38)
        eye_height = rng.uniform(2.2, 3.1)
        horizon = view[1] + rise * self.view_height
        # The nearest people have their feet just below the frame.
        lowest = view[3] + rng.uniform(-0.04, 0.05) * self.view_height
        focal = rng.uniform(1.15, 1.4) * self.view_height
        self.ground = Ground(
            focal=focal,
            eye_height=eye_height,
            horizon=horizon,
            centre=(view[0] + view[2]) / 2,
            near=focal * eye_height / (lowest - horizon),
            far=focal * 1.7 / (0.16 * self.view_height),
        )

    def paint(self) -> Scene:
        """Paint the place with the settings given at construction."""
        rng = self.rng
        canvas = paint_ground(
            rng,
            self.ground,
            width=self.width,
            height=self.height,
            unit=self.view_height,
            style=self.style,
        )
        horizon = int(self.ground.horizon)
        canvas[:horizon] = paint_backdrop(
            rng, width=self.width, horizon=horizon, unit=self.view_height, style=self.style
        )
        seam = slice(max(horizon - 1, 0), horizon + 2)
        canvas[seam] = cv2.GaussianBlur(canvas, (0, 0), 0.8)[seam]
        obstacles = paint_obstacles(
            rng, self.ground, width=self.width, unit=self.view_height, style=self.style
        )
        light_from = float(rng.choice([-1, 1]) * rng.uniform(0.4, 1.0))
        light, tint = self._illuminate(light_from)
        canvas *= light[..., None] * tint
        np.clip(canvas, 0, 255, out=canvas)
        for obstacle in obstacles:
            row = min(obstacle.top + obstacle.colour.shape[0] - 1, self.height - 1)
            column = int(np.clip(obstacle.left + obstacle.colour.shape[1] // 2, 0, self.width - 1))
            lit = np.clip(obstacle.colour * (light[max(row, 0), column] * tint), 0, 255)
            obstacle.colour = (lit * obstacle.alpha[..., None]).astype(np.uint8)
        shadow, strength = None, 0.0
        if self.lighting in ('sun', 'dusk') and self.style != 'stage':
            length = rng.uniform(0.35, 0.6) if self.lighting == 'sun' else rng.uniform(0.7, 1.0)
            shadow = (-light_from * length, rng.uniform(-0.22, 0.1) * length)
            strength = 0.5 if self.lighting == 'sun' else 0.4
        return Scene(
            canvas=canvas,
            light=light,
            ground=self.ground,
            obstacles=obstacles,
            shadow=shadow,
            shadow_strength=strength,
            light_from=light_from,
            tint=tint,
        )

    def _illuminate(self, light_from: float) -> tuple[np.ndarray, np.ndarray]:
        """Light map (H, W) and colour of the light (3,)."""
        rng, height, width = self.rng, self.height, self.width
        light = np.ones((height, width), np.float32)
        tint = np.ones(3, np.float32)
        if self.lighting == 'sun':
            tint = np.array([0.98, 1.03, 1.06], np.float32)
            self._cast_building_shadow(light, light_from, 0.55)
        elif self.lighting == 'overcast':
            tint = np.array([0.95, 0.92, 0.9], np.float32)
        elif self.lighting == 'dusk':
            tint = np.array([0.68, 0.78, 0.95], np.float32)
            self._cast_building_shadow(light, light_from, 0.65)
        else:
            tint = np.array([0.62, 0.6, 0.6], np.float32)
        if self.lighting == 'night' or self.style == 'stage':
            base = 0.55 if self.lighting == 'night' else 0.8
            pools = np.full_like(light, base)
            rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
            for _ in range(
                int(rng.integers(3, 6)) * max(1, round(width / (2.0 * self.view_height)))
            ):
                x = rng.uniform(0, width)
                y = self.ground.horizon + rng.uniform(0.1, 0.7) * self.view_height
                reach = rng.uniform(0.25, 0.5) * self.view_height
                distance = ((columns - x) / (1.6 * reach)) ** 2 + ((rows - y) / reach) ** 2
                pools += rng.uniform(0.45, 0.9) * np.exp(-1.5 * distance)
            light *= np.minimum(pools, 1.7)
        light *= 1 + 0.06 * fractal_noise(
            rng, height=height, width=width, cell=0.8 * self.view_height, octaves=2
        )
        return light, tint

    def _cast_building_shadow(self, light: np.ndarray, light_from: float, dark: float) -> None:
        """Shadows of buildings and trees outside the view fall on the ground."""
        if self.style == 'stage':
            return
        rng, ground = self.rng, self.ground
        shade = np.zeros_like(light)
        span = self.width / ground.focal * ground.far / 2
        for _ in range(int(rng.integers(1, 4))):
            right, away = rng.uniform(-span, span), rng.uniform(ground.near, ground.far)
            size = rng.uniform(1.0, 4.0, 2)
            slant = -light_from * rng.uniform(0.5, 2.0)
            corners = [
                (right, away),
                (right + size[0], away),
                (right + size[0] + slant, away + size[1]),
                (right + slant, away + size[1]),
            ]
            points = ground.project(*np.transpose(corners))
            cv2.fillConvexPoly(shade, np.round(points * 16).astype(np.int32), 1.0, cv2.LINE_AA, 4)
        for _ in range(int(rng.integers(0, 4))):  # foliage
            right, away = rng.uniform(-span, span), rng.uniform(ground.near, ground.far)
            for _ in range(25):
                spot = ground.project(
                    right + rng.normal(0, 0.7), max(away + rng.normal(0, 0.5), 1.0)
                )
                reach = rng.uniform(0.1, 0.35) * ground.scale(away)
                axes = (max(1, int(reach)), max(1, int(reach * 0.35)))
                cv2.ellipse(shade, spot.astype(int).tolist(), axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        shade[: int(ground.horizon)] = 0
        shade = cv2.GaussianBlur(shade, (0, 0), 0.008 * self.view_height)
        light *= 1 - (1 - dark) * shade
