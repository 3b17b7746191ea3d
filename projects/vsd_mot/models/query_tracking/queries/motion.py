"""Where tracks will be: a Kalman filter of constant velocity, for all tracks at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class BoxMotion:
    """Positions and velocities of n boxes, each of (cx, cy, w, h) filtered by itself.

    Attributes:
        mean: Value and change per frame of each coordinate, in pixels, ``(n, 4, 2)``.
        covariance: Of the two, ``(n, 4, 2, 2)``.
    """

    mean: np.ndarray
    covariance: np.ndarray

    @classmethod
    def empty(cls) -> BoxMotion:
        """No boxes."""
        return cls(np.zeros((0, 4, 2)), np.zeros((0, 4, 2, 2)))

    def __len__(self) -> int:
        return len(self.mean)

    def __getitem__(self, index: np.ndarray) -> BoxMotion:
        """Those that a mask or an index array selects."""
        return BoxMotion(self.mean[index], self.covariance[index])

    @property
    def boxes(self) -> np.ndarray:
        """The boxes (x1, y1, x2, y2) in pixels, ``(n, 4)``."""
        return to_corners(self.mean[..., 0])

    def joined(self, other: BoxMotion) -> BoxMotion:
        """Append the boxes of another."""
        return BoxMotion(
            np.concatenate((self.mean, other.mean)),
            np.concatenate((self.covariance, other.covariance)),
        )


class ConstantVelocity:
    """Kalman filter whose noise grows with the height of the box (as SORT's and ByteTrack's).

    Args:
        position_noise: Standard deviation of a position, as a share of the height. Raising it
            believes single detections less.
        velocity_noise: Standard deviation of the change of velocity per frame, as a share of the
            height. Raising it follows turns sooner, and runs off further without observations.
    """

    def __init__(self, position_noise: float = 0.05, velocity_noise: float = 0.00625) -> None:
        self.position_noise = position_noise
        self.velocity_noise = velocity_noise

    def start(self, boxes: np.ndarray) -> BoxMotion:
        """Boxes (x1, y1, x2, y2) ``(n, 4)`` of newly detected objects, at rest."""
        centres = to_centres(boxes)
        height = centres[:, 3]
        mean = np.stack((centres, np.zeros_like(centres)), axis=-1)
        covariance = np.zeros((len(boxes), 4, 2, 2))
        covariance[..., 0, 0] = ((2 * self.position_noise * height) ** 2)[:, None]
        covariance[..., 1, 1] = ((10 * self.velocity_noise * height) ** 2)[:, None]
        return BoxMotion(mean, covariance)

    def predict(self, motion: BoxMotion, elapsed: float, resting_size: np.ndarray) -> BoxMotion:
        """Move boxes on.

        Args:
            motion: n boxes.
            elapsed: For how many frames; 2 where one was left out.
            resting_size: Mask ``(n,)`` of the boxes whose size stays: those without an
                observation, of which only the motion of the centre goes on.

        Returns:
            The boxes later.
        """
        mean, covariance = motion.mean.copy(), motion.covariance
        mean[resting_size, 2:, 1] = 0
        mean[..., 0] += elapsed * mean[..., 1]
        step = np.array([[1.0, elapsed], [0.0, 1.0]])
        covariance = step @ covariance @ step.T
        height = np.maximum(mean[:, 3, 0], 1.0)
        covariance[..., 0, 0] += (elapsed * (self.position_noise * height) ** 2)[:, None]
        covariance[..., 1, 1] += (elapsed * (self.velocity_noise * height) ** 2)[:, None]
        mean[:, 2:, 0] = np.maximum(mean[:, 2:, 0], 1.0)
        return BoxMotion(mean, covariance)

    def update(self, motion: BoxMotion, boxes: np.ndarray, uncertainty: np.ndarray) -> BoxMotion:
        """Correct boxes by observed ones.

        Args:
            motion: n boxes, predicted.
            boxes: Observed box of each, (x1, y1, x2, y2), ``(n, 4)``.
            uncertainty: Factor on the noise of each observation, ``(n,)``; 1 for a sure one.

        Returns:
            The corrected boxes.
        """
        observed = to_centres(boxes)
        variance = (uncertainty * self.position_noise * motion.mean[:, 3, 0]) ** 2
        gain = motion.covariance[..., 0] / (
            motion.covariance[..., :1, 0] + variance[:, None, None]
        )  # (n, 4, 2)
        mean = motion.mean + gain * (observed - motion.mean[..., 0])[..., None]
        covariance = motion.covariance - gain[..., None] * motion.covariance[..., :1, :]
        return BoxMotion(mean, covariance)


def to_centres(corners: np.ndarray) -> np.ndarray:
    """(x1, y1, x2, y2) to (cx, cy, w, h), ``(n, 4)``."""
    low, high = corners[:, :2], corners[:, 2:]
    return np.concatenate(((low + high) / 2, high - low), axis=1)


def to_corners(centres: np.ndarray) -> np.ndarray:
    """(cx, cy, w, h) to (x1, y1, x2, y2), ``(n, 4)``."""
    half = centres[:, 2:] / 2
    return np.concatenate((centres[:, :2] - half, centres[:, :2] + half), axis=1)
