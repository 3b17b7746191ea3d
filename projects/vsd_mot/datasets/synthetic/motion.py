"""Who is where: people who walk, run, pause, dance, meet, enter and leave; and a moving camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .figure import Appearance, Pose
from .ground import Ground

# Metres between two people below which they step aside.
PERSONAL_SPACE = 0.45


@dataclass
class PersonState:
    """One person in one frame.

    Args:
        track_id: Identity, from 1, never used again in the sequence.
        look: What the person looks like.
        pose: How the person stands.
        right: Metres to the right of the optical axis of the canvas.
        away: Metres from the camera.
    """

    track_id: int
    look: Appearance
    pose: Pose
    right: float
    away: float


class CameraPath:
    """A similarity transform from canvas to frame for each frame.

    Args:
        rng: Source of randomness.
        frames: Number of frames.
        size: Width and height of the frame.
        canvas: Width and height of the canvas.
        kind: 'static', 'pan', 'handheld' or 'zoom'.
    """

    KINDS = ('static', 'pan', 'handheld', 'zoom')

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        frames: int,
        size: tuple[int, int],
        canvas: tuple[int, int],
        kind: str,
    ) -> None:
        time = np.arange(frames)
        self.size, self.canvas = size, canvas
        shake = {'static': 0.0006, 'pan': 0.003, 'handheld': 0.008, 'zoom': 0.003}[kind] * size[1]
        jitter = self._smooth_noise(rng, frames=frames, channels=3) * shake
        slow = self._smooth_noise(rng, frames=frames, channels=3, memory=0.95)
        shift = jitter[:, :2] + slow[:, :2] * 2.5 * shake
        self.roll = 0.35 * (jitter[:, 2] + 2 * slow[:, 2] * shake) / size[1]
        room = (np.array(canvas) - size) / 2
        if kind == 'pan':
            period, phase = rng.uniform(45, 110), rng.uniform(0, 2 * np.pi)
            wave = np.sin(2 * np.pi * time / period + phase) * rng.uniform(0.4, 0.85)
            shift[:, 0] += room[0] * wave
            shift[:, 1] += 0.25 * room[1] * np.sin(2 * np.pi * time / (1.7 * period))
        self.zoom = np.ones(frames)
        if kind == 'zoom':
            period, phase = rng.uniform(60, 140), rng.uniform(0, 2 * np.pi)
            self.zoom += rng.uniform(0.08, 0.2) * (1 + np.sin(2 * np.pi * time / period + phase))
        # The frame stays on the canvas also when rolled.
        slack = np.abs(self.roll).max() * max(size) / 2 + 1
        limit = np.maximum(room - slack, 0)
        self.centre = np.clip(shift, -limit, limit) + np.array(canvas) / 2

    @staticmethod
    def _smooth_noise(
        rng: np.random.Generator, *, frames: int, channels: int, memory: float = 0.6
    ) -> np.ndarray:
        """(frames, channels) autoregressive noise of unit variance."""
        noise = rng.standard_normal((frames, channels))
        for k in range(1, frames):
            noise[k] = memory * noise[k - 1] + np.sqrt(1 - memory**2) * noise[k]
        return noise

    def matrix(self, frame: int) -> np.ndarray:
        """(2, 3) float64 affine matrix from canvas to frame coordinates."""
        roll, zoom = self.roll[frame], self.zoom[frame]
        turn = zoom * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        offset = np.array(self.size) / 2 - turn @ self.centre[frame]
        return np.hstack([turn, offset[:, None]])

    def visible_columns(self, frame: int) -> tuple[float, float]:
        """First and last canvas column which the frame shows."""
        half = self.size[0] / 2 / self.zoom[frame]
        return self.centre[frame, 0] - half, self.centre[frame, 0] + half


@dataclass(frozen=True)
class _Outfit:
    """Clothes of a team; colours are (3,) BGR."""

    shirt: np.ndarray
    trim: np.ndarray
    pattern: str
    trousers: np.ndarray
    short_trousers: bool


class Wardrobe:
    """People of one sequence: a few teams, alike within a team.

    Args:
        rng: Source of randomness.
        teams: Number of teams. More of them make clothes more different.
    """

    # BGR
    HAIR = np.array(
        [[25, 25, 30], [20, 30, 45], [30, 45, 70], [60, 95, 130], [120, 120, 125]], np.float32
    )
    SKIN = np.array(
        [[165, 190, 230], [130, 165, 215], [90, 125, 180], [55, 80, 120], [40, 58, 90]], np.float32
    )

    def __init__(self, rng: np.random.Generator, teams: int) -> None:
        self.rng = rng
        self.teams: list[_Outfit] = []
        hue = rng.uniform(0, 1)
        for k in range(teams):
            shirt = self._cloth((hue + k / teams + rng.uniform(-0.05, 0.05)) % 1.0)
            trousers = self._cloth(rng.uniform(), vivid=0.3) * rng.uniform(0.35, 0.8)
            pattern = str(rng.choice(['plain', 'band', 'sleeves'], p=[0.5, 0.25, 0.25]))
            trim = shirt * 0.45 if rng.uniform() < 0.5 else np.minimum(shirt * 0.4 + 140, 245)
            short = bool(rng.uniform() < 0.25)
            self.teams.append(_Outfit(shirt, trim, pattern, trousers, short_trousers=short))

    def _cloth(self, hue: float, vivid: float = 0.75) -> np.ndarray:
        rng = self.rng
        value = rng.uniform(80, 225)
        saturation = rng.uniform(0.1, vivid)
        wheel = np.abs((hue * 6 - np.array([4.0, 2.0, 0.0]) + 3) % 6 - 3)  # b, g, r
        return (value * (1 - saturation * np.clip(wheel - 1, 0, 1))).astype(np.float32)

    def dress(self) -> Appearance:
        """Return a new person of a random team."""
        rng = self.rng
        outfit = self.teams[rng.integers(len(self.teams))]
        worn = rng.uniform(0.93, 1.06)
        return Appearance(
            stature=float(np.clip(rng.normal(1.72, 0.08), 1.5, 1.95)),
            build=float(np.clip(rng.normal(1.03, 0.09), 0.85, 1.3)),
            shirt=outfit.shirt * worn,
            trim=outfit.trim * worn,
            pattern=outfit.pattern,
            trousers=outfit.trousers * rng.uniform(0.93, 1.06),
            skin=self.SKIN[rng.integers(len(self.SKIN))],
            hair=self.HAIR[rng.choice(5, p=[0.4, 0.25, 0.2, 0.1, 0.05])],
            shoes=np.full(3, rng.uniform(15, 60), np.float32),
            long_hair=bool(rng.uniform() < 0.3),
            short_trousers=outfit.short_trousers,
            bag=np.array([40, 45, 50], np.float32) * rng.uniform(0.6, 1.8)
            if rng.uniform() < 0.15
            else None,
        )


class _Person:
    """A person on the way to a goal; ``advance`` moves one frame on."""

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        track_id: int,
        look: Appearance,
        position: np.ndarray,
        goal: np.ndarray,
        dancing: bool,
    ) -> None:
        self.rng, self.track_id, self.look = rng, track_id, look
        self.position, self.goal = position, goal
        self.dancing = dancing
        self.pace = rng.uniform(2.0, 3.0) if rng.uniform() < 0.12 else rng.uniform(0.9, 1.7)
        if dancing:
            self.pace = rng.uniform(0.8, 2.0)
        direction = goal - position
        self.velocity = self.pace * direction / max(float(np.hypot(*direction)), 1e-6)
        self.facing = self.velocity / max(float(np.hypot(*self.velocity)), 1e-6)
        self.phase = rng.uniform(0, 2 * np.pi)
        self.beat = rng.uniform(0.55, 1.0, 2) * 2 * np.pi  # radians per second of each arm
        self.arm_phase = rng.uniform(0, 2 * np.pi, 2)
        self.visits = int(rng.integers(1, 3))
        self.pause = 0.0
        self.leaving = False

    def advance(self, push: np.ndarray, seconds: float) -> None:
        """Turn towards the goal, give way to ``push`` (2,) in metres per second, and step."""
        direction = self.goal - self.position
        distance = float(np.hypot(*direction))
        target = self.pace * direction / max(distance, 1e-6)
        if self.pause > 0:
            self.pause -= seconds
            target = np.zeros(2)
        blend = min(1.0, 3.0 * seconds)
        self.velocity += blend * (target - self.velocity) + push * blend
        self.velocity += self.rng.normal(0, 0.05, 2)
        speed = float(np.hypot(*self.velocity))
        if speed > 1.3 * self.pace:
            self.velocity *= 1.3 * self.pace / speed
        self.position = self.position + self.velocity * seconds
        # A cycle of two steps covers about 0.85 statures at walking pace.
        self.phase += (
            2 * np.pi * speed * seconds / (0.85 * self.look.stature * (0.75 + 0.2 * speed))
        )
        self.arm_phase += self.beat * seconds
        ahead = self.velocity / max(speed, 1e-6) if speed > 0.3 else self.facing
        if self.dancing:
            ahead = 0.5 * ahead + np.array([0.0, -0.8])
        turned = self.facing + min(1.0, 4.0 * seconds) * (ahead - self.facing)
        length = float(np.hypot(*turned))
        self.facing = turned / length if length > 1e-3 else self.facing

    def state(self) -> PersonState:
        speed = float(np.hypot(*self.velocity))
        stride = min(0.22 + 0.17 * speed, 0.75) * min(1.0, speed / 0.4)
        pose = Pose(tuple(self.facing), self.phase, stride, 0.02 + 0.045 * speed)
        if speed > 1.9:
            pose.elbow = (1.3, 1.3)
        if self.dancing:
            lift = 1.35 + 1.15 * np.sin(self.arm_phase)
            pose.arm_lift, pose.elbow = tuple(lift), tuple(0.6 + 0.5 * np.cos(1.3 * self.arm_phase))
            pose.crouch = 0.06 * (1 + np.sin(2 * self.arm_phase[0]))
        return PersonState(
            self.track_id, self.look, pose, float(self.position[0]), float(self.position[1])
        )


class Crowd:
    """Simulates the people of a sequence.

    Args:
        rng: Source of randomness.
        ground: Geometry of the canvas.
        camera: Whose view the people walk through.
        people: Least and greatest number of people wanted in view. Raising it makes more people
            cross and hide each other.
        frame_rate: Frames per second.
        wardrobe: Dresses the people.
        dancing: Whether they dance rather than walk.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        ground: Ground,
        camera: CameraPath,
        people: tuple[int, int],
        frame_rate: float,
        wardrobe: Wardrobe,
        dancing: bool,
    ) -> None:
        self.rng, self.ground, self.camera = rng, ground, camera
        self.people, self.seconds = people, 1.0 / frame_rate
        self.wardrobe, self.dancing = wardrobe, dancing
        self.crowd: list[_Person] = []
        self.next_id = 1
        self.target_count = int(rng.integers(people[0], people[1] + 1))

    def run(self, frames: int) -> list[list[PersonState]]:
        """States of everyone near the view, per frame."""
        for _ in range(self.target_count):
            away = self._depth()
            self._add(np.array([self._right(self.rng.uniform(0.06, 0.94), away, 0), away]), 0)
            if self.rng.uniform() < 0.35:
                self._leave(self.crowd[-1], 0)
        states = []
        for frame in range(frames):
            if frame:
                self._step(frame)
            states.append([person.state() for person in self.crowd])
        return states

    def _depth(self) -> float:
        # Uniform in the image row rather than in metres, or almost everyone would be far away.
        near, far = 1 / self.ground.near, 1 / self.ground.far
        return 1.0 / self.rng.uniform(far + 0.04 * (near - far), near)

    def _right(self, share: float, away: float, frame: int) -> float:
        """Metres to the right of the point at a share of the frame's width."""
        first, last = self.camera.visible_columns(frame)
        column = first + share * (last - first)
        return (column - self.ground.centre) * away / self.ground.focal

    def _share(self, person: _Person, frame: int) -> float:
        """Where in the frame's width a person is: 0 left edge, 1 right edge."""
        first, last = self.camera.visible_columns(frame)
        column = self.ground.project(*person.position)[0]
        return float((column - first) / (last - first))

    def _add(self, position: np.ndarray, frame: int) -> None:
        goal = self._goal(position, frame)
        person = _Person(
            self.rng,
            track_id=self.next_id,
            look=self.wardrobe.dress(),
            position=position,
            goal=goal,
            dancing=self.dancing,
        )
        self.crowd.append(person)
        self.next_id += 1

    def _goal(self, position: np.ndarray, frame: int) -> np.ndarray:
        """Somewhere in view: often behind or before someone else, so that paths cross."""
        rng = self.rng
        others = [p for p in self.crowd if np.hypot(*(p.position - position)) > 1.0]
        if others and rng.uniform() < 0.6:
            other = others[rng.integers(len(others))]
            beyond = other.position - position
            beyond = beyond / np.hypot(*beyond)
            goal = other.position + rng.uniform(0.3, 1.5) * beyond
            goal[1] += rng.choice([-1, 1]) * rng.uniform(0.2, 0.7)
        else:
            away = self._depth()
            goal = np.array([self._right(rng.uniform(0.05, 0.95), away, frame), away])
        goal[1] = np.clip(goal[1], self.ground.near, self.ground.far)
        return goal

    def _step(self, frame: int) -> None:
        positions = np.stack([p.position for p in self.crowd]) if self.crowd else np.zeros((0, 2))
        for index, person in enumerate(self.crowd):
            gap = person.position - positions
            distance = np.hypot(gap[:, 0], gap[:, 1])
            close = (distance < PERSONAL_SPACE) & (np.arange(len(gap)) != index)
            strength = (PERSONAL_SPACE - distance[close]) / np.maximum(distance[close], 0.05)
            push = (gap[close] * strength[:, None]).sum(0) * 2.0
            person.advance(push, self.seconds)
            person.position[1] = np.clip(person.position[1], self.ground.near, self.ground.far)
            self._reconsider(person, frame)
        self.crowd = [p for p in self.crowd if -0.3 < self._share(p, frame) < 1.3]
        inside = sum(-0.02 < self._share(p, frame) < 1.02 for p in self.crowd)
        if self.rng.uniform() < 0.04:
            self.target_count = int(self.rng.integers(self.people[0], self.people[1] + 1))
        if inside < self.target_count and self.rng.uniform() < 0.5:
            away = self._depth()
            edge = -0.1 if self.rng.uniform() < 0.5 else 1.1
            self._add(np.array([self._right(edge, away, frame), away]), frame)

    def _reconsider(self, person: _Person, frame: int) -> None:
        """On arrival choose the next goal, pause, or leave the view."""
        if person.leaving or np.hypot(*(person.goal - person.position)) > 0.35:
            return
        rng = self.rng
        person.visits -= 1
        if person.visits > 0 or (self.dancing and rng.uniform() < 0.7):
            person.goal = self._goal(person.position, frame)
            if rng.uniform() < 0.25:
                person.pause = rng.uniform(0.3, 1.5)
            return
        self._leave(person, frame)

    def _leave(self, person: _Person, frame: int) -> None:
        """Send a person out of the view, rather by the nearer side."""
        person.leaving = True
        edge = -0.6 if self._share(person, frame) < self.rng.uniform(0.2, 0.8) else 1.6
        away = person.position[1] + self.rng.normal(0, 1.0)
        away = float(np.clip(away, self.ground.near, self.ground.far))
        person.goal = np.array([self._right(edge, away, frame), away])
