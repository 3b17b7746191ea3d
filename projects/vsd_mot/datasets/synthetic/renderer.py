"""Render a sequence: frames, and the boxes and visibility of the people in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .figure import FigurePainter, Sprite
from .motion import CameraPath, Crowd, PersonState, Wardrobe
from .scene import LIGHTS, STYLES, Obstacle, ScenePainter


@dataclass
class Label:
    """One person in one frame.

    Args:
        track_id: Identity, from 1.
        box: (x, y, w, h) in pixels, clipped to the frame: the person as if nothing stood before.
        visibility: Share of the person's pixels that is visible, 0..1; what lies outside the frame
            is not.
        corner: (x, y) of the first pixel of ``visible`` in the frame.
        visible: (h, w) float32 share of each pixel that shows the person.
    """

    track_id: int
    box: tuple[float, float, float, float]
    visibility: float
    corner: tuple[int, int]
    visible: np.ndarray


@dataclass
class _Visible:
    """A painted person, and what is visible of it.

    Args:
        state: The person.
        sprite: What was painted.
        alpha: (h, w) coverage of the visible pixels in the frame, 0..1.
        left: Frame column of its first column.
        top: Frame row of its first row.
    """

    state: PersonState
    sprite: Sprite
    alpha: np.ndarray
    left: int
    top: int

    def cover(self, alpha: np.ndarray, left: int, top: int) -> None:
        """Hide what a nearer sprite with its coverage at (left, top) of the frame covers."""
        rows, columns = self.alpha.shape
        x1, y1 = max(left, self.left), max(top, self.top)
        x2 = min(left + alpha.shape[1], self.left + columns)
        y2 = min(top + alpha.shape[0], self.top + rows)
        if x2 > x1 and y2 > y1:
            covering = alpha[y1 - top : y2 - top, x1 - left : x2 - left]
            self.alpha[y1 - self.top : y2 - self.top, x1 - self.left : x2 - self.left] *= (
                1 - covering
            )

    def label(self, width: int, height: int) -> Label | None:
        """Return the label in a frame of that size, None where the box is below two pixels."""
        box = self.sprite.bounding_box()
        if box is None:
            return None
        x1, y1 = max(box[0], 0), max(box[1], 0)
        x2, y2 = min(box[2], width), min(box[3], height)
        if x2 - x1 < 2 or y2 - y1 < 2:
            return None
        visibility = float(self.alpha.sum() / max(self.sprite.alpha.sum(), 1e-6))
        return Label(
            track_id=self.state.track_id,
            box=(x1, y1, x2 - x1, y2 - y1),
            visibility=min(visibility, 1.0),
            corner=(self.left, self.top),
            visible=self.alpha,
        )


class SequenceRenderer:
    """One synthetic sequence, frame by frame.

    Args:
        rng: Source of all randomness; the same state gives the same frames.
        index: Number of the sequence, which chooses its style and light, so that a set
            has them all.
        frames: Number of frames.
        size: Width and height of a frame in pixels.
        people: Least and greatest number of people wanted in view. Raising it makes more people
            cross and hide each other.
        frame_rate: Frames per second, which sets how far people get between frames.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        index: int,
        frames: int,
        size: tuple[int, int],
        people: tuple[int, int],
        frame_rate: float,
    ) -> None:
        self.rng, self.frames, self.size = rng, frames, size
        width, height = size
        margin = (round(0.3 * width), round(0.14 * height))
        canvas = (width + 2 * margin[0], height + 2 * margin[1])
        self.style = STYLES[index % len(STYLES)]
        # Every style meets every light and every camera in turn.
        self.lighting = LIGHTS[(index + index // len(STYLES)) % len(LIGHTS)]
        kinds = CameraPath.KINDS
        self.camera_kind = kinds[(index + 2 * (index // len(kinds)) + 1) % len(kinds)]
        view = (margin[0], margin[1], margin[0] + width, margin[1] + height)
        self.scene = ScenePainter(
            rng,
            width=canvas[0],
            height=canvas[1],
            view=view,
            style=self.style,
            light=self.lighting,
        ).paint()
        self.camera = CameraPath(
            rng, frames=frames, size=size, canvas=canvas, kind=self.camera_kind
        )
        dancing = self.style == 'stage'
        wardrobe = Wardrobe(rng, int(rng.integers(1, 3 if dancing else 4)))
        crowd = Crowd(
            rng,
            ground=self.scene.ground,
            camera=self.camera,
            people=people,
            frame_rate=frame_rate,
            wardrobe=wardrobe,
            dancing=dancing,
        )
        self.states = crowd.run(frames)
        self.painter = FigurePainter(self.scene.light_from)
        self.gain = self._light_changes()
        self.softness = rng.uniform(0.35, 0.65) * max(1.0, height / 400)
        self.noise = rng.uniform(1.0, 2.5) + (2.0 if self.lighting == 'night' else 0.0)

    def __iter__(self) -> Iterator[tuple[np.ndarray, list[Label]]]:
        """Yield (image, labels): (H, W, 3) uint8 BGR and the people in it."""
        for frame in range(self.frames):
            yield self._render(frame)

    def _light_changes(self) -> np.ndarray:
        """(frames,) factor on the light: slow drift, clouds that pass, exposure that hunts."""
        rng, time = self.rng, np.arange(self.frames)
        gain = 1 + 0.06 * np.sin(2 * np.pi * time / rng.uniform(40, 120) + rng.uniform(0, 6.3))
        for _ in range(rng.poisson(0.8)):
            middle, width = rng.uniform(0, self.frames), rng.uniform(4, 15)
            gain *= 1 - rng.uniform(-0.2, 0.35) * np.exp(-(((time - middle) / width) ** 2))
        return gain * (1 + 0.012 * rng.standard_normal(self.frames))

    def _render(self, frame: int) -> tuple[np.ndarray, list[Label]]:
        matrix = self.camera.matrix(frame)
        image = cv2.warpAffine(
            self.scene.canvas,
            matrix,
            self.size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        people = [(state, self._draw(state, matrix)) for state in self.states[frame]]
        image *= 1 - self._shadows(people, matrix)[..., None]
        layers: list[tuple[float, PersonState | Obstacle, Sprite]] = []
        layers += [(state.away, state, sprite) for state, sprite in people]
        for obstacle in self.scene.obstacles:
            sprite = self._place(obstacle, matrix)
            if sprite is not None:
                layers.append((obstacle.away, obstacle, sprite))
        layers.sort(key=lambda layer: -layer[0])
        labels = self._compose(image, layers)
        image *= self.gain[frame]
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), self.softness))
        np.add(image, self.rng.standard_normal(image.shape, np.float32) * self.noise, out=image)
        return np.clip(np.rint(image), 0, 255).astype(np.uint8), labels

    def _draw(self, state: PersonState, matrix: np.ndarray) -> Sprite:
        """Return a person in the light where the feet are."""
        scene = self.scene
        spot = scene.ground.project(state.right, state.away)
        foot = matrix[:, :2] @ spot + matrix[:, 2]
        zoom = float(np.hypot(*matrix[:, 0]))
        height = state.look.stature * scene.ground.scale(state.away) * zoom
        roll = float(np.arctan2(matrix[1, 0], matrix[0, 0]))
        sprite = self.painter.draw(
            state.look, state.pose, foot=(foot[0], foot[1]), height=height, roll=roll
        )
        column, row = np.clip(spot.astype(int), 0, np.array(scene.light.shape[::-1]) - 1)
        sprite.colour *= scene.light[row, column] * scene.tint
        return sprite

    def _shadows(self, people: list[tuple[PersonState, Sprite]], matrix: np.ndarray) -> np.ndarray:
        """(H, W) float32 share of the ground's light that people and obstacles take."""
        width, height = self.size
        scene = self.scene
        dark = np.zeros((height, width), np.float32)
        zoom = float(np.hypot(*matrix[:, 0]))
        feet = [(s.right, s.away, 0.28) for s, _ in people]
        for right, away, reach in feet:
            foot = matrix[:, :2] @ scene.ground.project(right, away) + matrix[:, 2]
            radius = reach * scene.ground.scale(away) * zoom
            axes = (max(1, round(16 * radius)), max(1, round(16 * 0.33 * radius)))
            centre = np.round(16 * foot).astype(int).tolist()
            cv2.ellipse(dark, centre, axes, 0, 0, 360, 0.45, -1, cv2.LINE_AA, 4)
        if scene.shadow is not None:
            across, along = scene.shadow
            for state, sprite in people:
                foot = matrix[:, :2] @ scene.ground.project(state.right, state.away) + matrix[:, 2]
                row = foot[1] - sprite.top
                # A point h above the feet falls at (across * h, along * h) on the ground.
                shear = np.array(
                    [[1, -across, sprite.left + across * row], [0, -along, foot[1] + along * row]]
                )
                cast = cv2.warpAffine(sprite.alpha, shear, self.size, flags=cv2.INTER_LINEAR)
                np.maximum(dark, scene.shadow_strength * cast, out=dark)
        return cv2.GaussianBlur(dark, (0, 0), 0.006 * height)

    def _place(self, obstacle: Obstacle, matrix: np.ndarray) -> Sprite | None:
        """Return an obstacle as the camera sees it, or None where it is out of the frame."""
        rows, columns = obstacle.alpha.shape
        corner = np.array([obstacle.left, obstacle.top])
        corners = np.array([[0, 0], [columns, 0], [0, rows], [columns, rows]]) + corner
        corners = corners @ matrix[:, :2].T + matrix[:, 2]
        first = np.floor(corners.min(0)).astype(int) - 1
        last = np.ceil(corners.max(0)).astype(int) + 1
        if (last <= 0).any() or (first >= self.size).any():
            return None
        local = matrix.copy()
        local[:, 2] += matrix[:, :2] @ corner - first
        size = tuple((last - first).tolist())
        colour = cv2.warpAffine(obstacle.colour, local, size, flags=cv2.INTER_LINEAR)
        alpha = cv2.warpAffine(obstacle.alpha, local, size, flags=cv2.INTER_LINEAR)
        colour = colour.astype(np.float32) / np.maximum(alpha, 1e-2)[..., None]
        return Sprite(np.minimum(colour, 255), alpha, int(first[0]), int(first[1]))

    def _compose(
        self, image: np.ndarray, layers: list[tuple[float, PersonState | Obstacle, Sprite]]
    ) -> list[Label]:
        """Paint from far to near onto ``image``, and measure what remains visible of everyone."""
        width, height = self.size
        people: list[_Visible] = []
        for _, owner, sprite in layers:
            rows, columns = sprite.alpha.shape
            x1, y1 = max(sprite.left, 0), max(sprite.top, 0)
            x2, y2 = min(sprite.left + columns, width), min(sprite.top + rows, height)
            if x2 <= x1 or y2 <= y1:
                continue
            part = np.s_[y1 - sprite.top : y2 - sprite.top, x1 - sprite.left : x2 - sprite.left]
            alpha = sprite.alpha[part]
            region = image[y1:y2, x1:x2]
            region += alpha[..., None] * (sprite.colour[part] - region)
            for person in people:
                person.cover(alpha, x1, y1)
            if isinstance(owner, PersonState):
                people.append(_Visible(owner, sprite, alpha.copy(), x1, y1))
        labels = [label for person in people if (label := person.label(width, height)) is not None]
        return sorted(labels, key=lambda label: label.track_id)
