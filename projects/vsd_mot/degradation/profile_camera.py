"""A profile as the camera of a sequence, for low-quality copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .corruptions import PROFILES, Frame
from .corruptions.base import position_of


@dataclass(frozen=True)
class ProfileParams:
    """What was done to a frame, as the copy's manifest tells it.

    Attributes:
        profile: Name of the profile.
        parts: Name and severity of each of its parts.
    """

    profile: str
    parts: dict[str, int]

    def to_dict(self) -> dict:
        """Return it for JSON."""
        return dict(profile=self.profile, parts=self.parts)


class ProfileCamera:
    """Degrades the frames of a sequence by a profile, in any order and in any process.

    Args:
        profile: A key of ``PROFILES``.
        severity: 1 to 5.
        seed: Of the set.
        files: Image files of the sequence that arrive, in order.
    """

    def __init__(self, profile: str, severity: int, *, seed: int, files: Sequence[Path]) -> None:
        self.profile = profile
        self.corruption = PROFILES[profile](severity, seed)
        self.files = files

    def frame(self, number: int) -> Frame:
        """Return the place of an image among all of its folder."""
        path = str(self.files[number])
        return Frame(path, position_of(Frame(path, 0))[1])

    def __call__(self, image: np.ndarray, frame: int) -> np.ndarray:
        """Degrade an image (H, W, 3), uint8 BGR."""
        return self.corruption(image, self.frame(frame))

    def to_jpeg(self, image: np.ndarray, frame: int, quality: int = 95) -> bytes:
        """Degrade a uint8 image into the bytes of a JPEG file."""
        options = [cv2.IMWRITE_JPEG_QUALITY, quality]
        return cv2.imencode('.jpg', self(image, frame), options)[1].tobytes()

    def params(self, frame: int) -> ProfileParams:
        """Return what is done to a frame."""
        drawn = self.corruption.drawn(self.frame(frame))
        return ProfileParams(self.profile, {type(part).__name__: part.severity for part in drawn})


def arriving(
    profile: str, severity: int, seed: int, *, files: Sequence[Path], fps: float
) -> list[bool]:
    """Tell which frames of a sequence a profile lets come."""
    corruption = PROFILES[profile](severity, seed)
    return [corruption.keeps(Frame(str(file), n, fps)) for n, file in enumerate(files)]
