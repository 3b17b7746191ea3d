"""Articulated people: a 3D skeleton, walking or dancing, drawn as an anti-aliased sprite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

# Lengths are fractions of the stature (standing height without hair).
HIP_HEIGHT = 0.53
KNEE_LENGTH = 0.245  # hip to knee
SHIN_LENGTH = 0.245  # knee to ankle
SHOULDER_RISE = 0.29  # hip to shoulder
UPPER_ARM = 0.175
FOREARM = 0.175
HEAD_RISE = 0.405  # hip to the centre of the head
HEAD_RADIUS = 0.066

# Sub-pixel coordinates are handed to OpenCV as fixed-point numbers with this many fractional bits.
_SHIFT = 4

Points = list[np.ndarray]
"""Joints along a limb, each (3,) in (forward, right, up)."""


@dataclass
class Appearance:
    """What a person looks like. Colours are (3,) float arrays in BGR, 0..255.

    Args:
        stature: Standing height in metres.
        build: Factor on all widths.
        shirt: Colour of the shirt.
        trim: Second colour of the shirt.
        pattern: Where the second colour is: 'plain' (nowhere), 'band' or 'sleeves'.
        trousers: Colour of the trousers.
        skin: Colour of the skin.
        hair: Colour of the hair.
        shoes: Colour of the shoes.
        long_hair: Whether the hair reaches the shoulders.
        short_trousers: Whether shins and forearms are bare.
        bag: Colour of a backpack, None without one.
    """

    stature: float
    build: float
    shirt: np.ndarray
    trim: np.ndarray
    pattern: str
    trousers: np.ndarray
    skin: np.ndarray
    hair: np.ndarray
    shoes: np.ndarray
    long_hair: bool = False
    short_trousers: bool = False
    bag: np.ndarray | None = None


@dataclass
class Pose:
    """How a person stands in one frame.

    Args:
        facing: Direction of the body on the ground, (right, away) as a unit vector.
        phase: Phase of the gait in radians; one cycle is two steps.
        stride: Amplitude of the leg swing in radians (0 stands still).
        lean: Forward lean of the trunk in radians.
        arm_lift: Sideways lift of (left, right) upper arm in radians, 0 hangs down.
        elbow: Bend of (left, right) elbow in radians.
        crouch: Share of the leg length lost by bent knees.
    """

    facing: tuple[float, float]
    phase: float
    stride: float
    lean: float = 0.03
    arm_lift: tuple[float, float] = (0.08, 0.08)
    elbow: tuple[float, float] = (0.3, 0.3)
    crouch: float = 0.0


@dataclass
class Sprite:
    """A drawn person in frame coordinates.

    Args:
        colour: (h, w, 3) float32 BGR, 0..255, meaningful where alpha is positive.
        alpha: (h, w) float32 coverage, 0..1.
        left: Frame column of the first sprite column.
        top: Frame row of the first sprite row.
    """

    colour: np.ndarray
    alpha: np.ndarray
    left: int
    top: int

    def bounding_box(self, threshold: float = 0.4) -> tuple[float, float, float, float] | None:
        """Box (x1, y1, x2, y2) of the pixels covered by more than ``threshold``, not clipped."""
        covered = self.alpha > threshold
        rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
        if len(rows) == 0:
            return None
        return (
            float(self.left + columns[0]),
            float(self.top + rows[0]),
            float(self.left + columns[-1] + 1),
            float(self.top + rows[-1] + 1),
        )


def _leg(side: float, *, angle: float, knee: float, hip_height: float, crouch: float) -> Points:
    """Hip, knee, ankle and toe of one leg as (forward, right, up) points."""
    extra = np.arccos(np.clip(1 - crouch, 0.3, 1.0))
    thigh, shin = angle + extra, angle - knee - extra
    hip = np.array([0.0, side * 0.052, hip_height])
    knee_point = hip + KNEE_LENGTH * np.array([np.sin(thigh), 0.0, -np.cos(thigh)])
    ankle = knee_point + SHIN_LENGTH * np.array([np.sin(shin), 0.0, -np.cos(shin)])
    toe = ankle + 0.075 * np.array([np.cos(shin * 0.6), side * 0.1, np.sin(shin * 0.6) - 0.25])
    return [hip, knee_point, ankle, toe]


def _arm(side: float, *, swing: float, lift: float, bend: float, shoulder: np.ndarray) -> Points:
    """Shoulder, elbow and wrist of one arm as (forward, right, up) points."""
    direction = np.array(
        [np.sin(swing) * np.cos(lift), side * np.sin(lift), -np.cos(swing) * np.cos(lift)]
    )
    elbow = shoulder + UPPER_ARM * direction
    raised = swing + bend
    outward = lift + 0.8 * bend * np.sin(lift)
    forearm = np.array(
        [
            np.sin(raised) * np.cos(outward),
            side * np.sin(outward),
            -np.cos(raised) * np.cos(outward),
        ]
    )
    return [shoulder, elbow, elbow + FOREARM * forearm]


def skeleton(pose: Pose) -> dict[str, Points]:
    """Joints of a pose.

    Args:
        pose: The pose.

    Returns:
        Chains of (3,) points in (forward, right, up), in units of the stature, the origin on the
        ground below the hips.
    """
    swing = {1.0: np.sin(pose.phase), -1.0: -np.sin(pose.phase)}
    lowest = HIP_HEIGHT * (1 - pose.crouch)
    hip_height = lowest - 0.012 * pose.stride * (1 + np.cos(2 * pose.phase + np.pi))
    chains: dict[str, Points] = {}
    for name, side in (('left', -1.0), ('right', 1.0)):
        # The knee bends while its leg swings forward, that is around the rising zero of the sine.
        forward_speed = np.cos(pose.phase) * side
        knee = pose.stride * (0.15 + 1.3 * max(0.0, forward_speed))
        chains[f'{name}_leg'] = _leg(
            side,
            angle=pose.stride * swing[side],
            knee=knee,
            hip_height=hip_height,
            crouch=pose.crouch,
        )
    lean = np.array([np.sin(pose.lean), 0.0, np.cos(pose.lean)])
    trunk = np.array([0.0, 0.0, hip_height])
    for index, (name, side) in enumerate((('left', -1.0), ('right', 1.0))):
        shoulder = trunk + SHOULDER_RISE * lean + np.array([0.0, side * 0.105, 0.0])
        shoulder[0] += -0.25 * side * 0.1 * np.sin(pose.phase) * pose.stride
        chains[f'{name}_arm'] = _arm(
            side,
            swing=-0.8 * pose.stride * swing[side],
            lift=pose.arm_lift[index],
            bend=pose.elbow[index],
            shoulder=shoulder,
        )
    chains['trunk'] = [trunk, trunk + SHOULDER_RISE * lean, trunk + HEAD_RISE * lean]
    return chains


class FigurePainter:
    """Draws people as sprites with shading, seen by a camera slightly above them.

    Args:
        light_from: Horizontal direction of the light, -1 from the left to 1 from the right.
        tilt: Rows by which a point one stature farther away moves up, as a share of the stature.
    """

    def __init__(self, light_from: float = -0.6, tilt: float = 0.16) -> None:
        self.light_from = light_from
        self.tilt = tilt

    def draw(
        self,
        look: Appearance,
        pose: Pose,
        *,
        foot: tuple[float, float],
        height: float,
        roll: float = 0.0,
    ) -> Sprite:
        """Draw one person.

        Args:
            look: The person.
            pose: The pose.
            foot: Frame coordinates (x, y) of the ground below the hips.
            height: Stature in pixels.
            roll: Rotation of the camera in radians, positive turns clockwise.

        Returns:
            The person, complete, whether inside the frame or not.
        """
        scale = int(np.clip(round(420 / max(height, 1.0)), 1, 4))
        half_width = int(np.ceil(height * 0.72)) + 2
        left, top = int(np.floor(foot[0])) - half_width, int(np.floor(foot[1] - 1.18 * height)) - 2
        bottom = int(np.ceil(foot[1] + 0.2 * height)) + 2
        size = ((bottom - top) * scale, 2 * half_width * scale)
        self._canvas = np.zeros((*size, 3), np.uint8)
        self._mask = np.zeros(size, np.uint8)
        self._unit = height * scale
        self._origin = np.array([(foot[0] - left) * scale, (foot[1] - top) * scale])
        self._facing = pose.facing
        self._roll = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        self._paint(look, skeleton(pose))
        alpha = cv2.resize(
            self._mask, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA
        ).astype(np.float32)
        # Colours are averaged over the covered sub-pixels only, or the outline would darken.
        colour = cv2.resize(
            self._canvas, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA
        ).astype(np.float32)
        colour *= 255.0 / np.maximum(alpha, 1.0)[..., None]
        alpha /= 255.0
        return self._shade(Sprite(colour, alpha, left, top), height)

    def _project(self, point: np.ndarray) -> tuple[np.ndarray, float]:
        """Canvas coordinates (2,) of a (forward, right, up) point, and how far away it is."""
        right, away = self._facing
        x = point[0] * right + point[1] * away
        depth = point[0] * away - point[1] * right
        offset = self._roll @ np.array([x, -point[2] - self.tilt * depth])
        return self._origin + self._unit * offset, depth

    def _fill(self, polygon: np.ndarray, colour: np.ndarray) -> None:
        fixed = np.round(polygon * (1 << _SHIFT)).astype(np.int32)
        cv2.fillConvexPoly(self._canvas, fixed, colour.tolist(), cv2.LINE_8, _SHIFT)
        cv2.fillConvexPoly(self._mask, fixed, 255, cv2.LINE_8, _SHIFT)

    def _disc(self, centre: np.ndarray, radius: float, colour: np.ndarray) -> None:
        fixed = np.round(centre * (1 << _SHIFT)).astype(int).tolist()
        radius_fixed = max(1, round(radius * (1 << _SHIFT)))
        cv2.circle(self._canvas, fixed, radius_fixed, colour.tolist(), -1, cv2.LINE_8, _SHIFT)
        cv2.circle(self._mask, fixed, radius_fixed, 255, -1, cv2.LINE_8, _SHIFT)

    def _limb(
        self, start: np.ndarray, end: np.ndarray, *, radii: tuple[float, float], colour: np.ndarray
    ) -> None:
        """Return a tapered capsule between two (forward, right, up) points; radii in statures."""
        (a, _), (b, _) = self._project(start), self._project(end)
        first, second = radii[0] * self._unit, radii[1] * self._unit
        along = b - a
        length = float(np.hypot(*along))
        if length > 1e-3:
            normal = np.array([-along[1], along[0]]) / length
            corners = [a + normal * first, b + normal * second, b - normal * second]
            self._fill(np.stack([*corners, a - normal * first]), colour)
        self._disc(a, first, colour)
        self._disc(b, second, colour)

    def _paint(self, look: Appearance, chains: dict[str, Points]) -> None:
        # How far away each part is, how it is painted and its points.
        parts: list[tuple[float, Callable[[Appearance, Points, float], None], Points]] = []
        for name in ('left', 'right'):
            leg, arm = chains[f'{name}_leg'], chains[f'{name}_arm']
            leg_depth = float(np.mean([self._project(p)[1] for p in leg]))
            arm_depth = float(np.mean([self._project(p)[1] for p in arm]))
            parts.append((leg_depth, self._paint_leg, leg))
            parts.append((arm_depth, self._paint_arm, arm))
        trunk = chains['trunk']
        parts.append((0.0, self._paint_trunk, trunk))
        if look.bag is not None:
            back = trunk[1] + np.array([-0.085, 0.0, -0.06])
            parts.append((self._project(back)[1], self._paint_bag, [back]))
        if look.long_hair:
            behind = trunk[2] + np.array([-0.04, 0.0, -0.02])
            parts.append((self._project(behind)[1] - 0.01, self._paint_long_hair, [behind]))
        parts.sort(key=lambda part: -part[0])
        for depth, paint, points in parts:
            # The side away from the camera gets less light.
            paint(look, points, 1.0 - 0.9 * float(np.clip(depth, 0.0, 0.25)))

    def _paint_leg(self, look: Appearance, leg: Points, light: float) -> None:
        build = look.build
        shin = look.skin if look.short_trousers else look.trousers
        self._limb(leg[2], leg[3], radii=(0.022 * build, 0.018), colour=look.shoes * light)
        self._limb(leg[1], leg[2], radii=(0.038 * build, 0.025 * build), colour=shin * light)
        self._limb(
            leg[0], leg[1], radii=(0.054 * build, 0.039 * build), colour=look.trousers * light
        )

    def _paint_arm(self, look: Appearance, arm: Points, light: float) -> None:
        build = look.build
        sleeve = look.trim if look.pattern == 'sleeves' else look.shirt
        self._disc(self._project(arm[2])[0], 0.024 * self._unit, look.skin * light)
        fore = look.skin if look.short_trousers else sleeve
        self._limb(arm[1], arm[2], radii=(0.026 * build, 0.021), colour=fore * light)
        self._limb(arm[0], arm[1], radii=(0.036 * build, 0.027 * build), colour=sleeve * light)

    def _paint_trunk(self, look: Appearance, trunk: Points, light: float) -> None:
        hip, neck, head = trunk
        build = look.build
        right, away = self._facing
        # Seen from the side a trunk is narrower than from the front.
        half = {
            part: np.hypot(a * away, b * right)
            for part, a, b in (
                ('shoulder', 0.118, 0.072),
                ('waist', 0.085, 0.068),
                ('hip', 0.092, 0.072),
            )
        }
        rows = [
            (hip - [0, 0, 0.03], half['hip']),
            (hip + 0.35 * (neck - hip), half['waist']),
            (neck - [0, 0, 0.02], half['shoulder']),
            (neck + np.array([0, 0, 0.022]), half['shoulder'] * 0.62),
        ]
        centres = [self._project(np.asarray(point))[0] for point, _ in rows]
        across = self._roll @ np.array([1.0, 0.0]) * self._unit * build

        def band(first: int, last: int, colour: np.ndarray) -> None:
            side = [centres[i] + across * rows[i][1] for i in range(first, last + 1)]
            other = [centres[i] - across * rows[i][1] for i in range(last, first - 1, -1)]
            self._fill(cv2.convexHull(np.array(side + other, np.float32))[:, 0], colour * light)

        band(0, 1, look.trousers)
        lower = centres[0].copy(), centres[1].copy()
        centres[0] = centres[0] + 0.35 * (centres[1] - centres[0])
        band(0, 3, look.shirt)
        if look.pattern == 'band':
            centres[0], centres[1] = centres[1], 0.5 * (centres[1] + centres[2])
            band(0, 1, look.trim)
        centres[0], centres[1] = lower
        self._limb(neck, neck + 0.6 * (head - neck), radii=(0.03, 0.03), colour=look.skin * light)
        self._paint_head(look, head, light)

    def _paint_head(self, look: Appearance, head: np.ndarray, light: float) -> None:
        right, away = self._facing
        centre, _ = self._project(head)
        radius = HEAD_RADIUS * self._unit
        self._disc(centre + np.array([0, 0.12 * radius]), radius * 0.92, look.skin * light)
        self._disc(centre - np.array([0, 0.12 * radius]), radius * 0.9, look.skin * light)
        crown = self._roll @ np.array([-0.3 * right, -0.5]) * radius
        self._disc(centre + crown, radius * 0.8, look.hair * light)
        if away > -0.2:  # the back of the head
            shift = self._roll @ np.array([-0.28 * right, 0.05]) * radius
            self._disc(centre + shift, radius * (0.75 + 0.2 * max(away, 0.0)), look.hair * light)

    def _paint_long_hair(self, look: Appearance, points: Points, light: float) -> None:
        (behind,) = points
        self._limb(
            behind, behind - np.array([0, 0, 0.085]), radii=(0.056, 0.046), colour=look.hair * light
        )

    def _paint_bag(self, look: Appearance, points: Points, light: float) -> None:
        (back,) = points
        if look.bag is not None:
            self._limb(
                back, back - np.array([0, 0, 0.13]), radii=(0.062, 0.068), colour=look.bag * light
            )

    def _shade(self, sprite: Sprite, height: float) -> Sprite:
        """Return rounded bodies: the side towards the light is brighter, and so is the top."""
        alpha = sprite.alpha
        blurred = cv2.GaussianBlur(alpha, (0, 0), max(0.7, 0.035 * height))
        step = max(1, round(0.03 * height))
        slope = np.zeros_like(blurred)
        slope[:, step:-step] = blurred[:, 2 * step :] - blurred[:, : -2 * step]
        rows = np.linspace(0.1, -0.14, alpha.shape[0], dtype=np.float32)[:, None]
        sprite.colour *= (1.0 - 0.55 * self.light_from * slope + rows)[..., None]
        np.clip(sprite.colour, 0, 255, out=sprite.colour)
        return sprite
