"""What a corruption is: a frame of a video in, a worse one out."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from ...mot_layout import list_images
from ..seeding import stream, video_name

SEVERITIES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Frame:
    """The position of a frame: its file and its number.

    Args:
        path: Its image file; the files beside it are the rest of its video.
        number: Its number in the video, from 0.
        fps: Frames per second of the video.
    """

    path: str
    number: int
    fps: float = 30.0

    @property
    def video(self) -> str:
        """Name of the video: its folder's."""
        return video_name(self.path)


@lru_cache(maxsize=64)
def frames_of(folder: str) -> tuple[str, ...]:
    """List the paths of all images of a folder, in natural order of their names."""
    return tuple(str(path) for path in list_images(Path(folder)))


def position_of(frame: Frame) -> tuple[tuple[str, ...], int]:
    """All frames of the video and this one's position among them.

    Raises:
        ValueError: It is not one of the images of its folder.
    """
    paths = frames_of(os.path.dirname(frame.path))
    try:
        return paths, paths.index(os.path.normpath(frame.path))
    except ValueError:
        raise ValueError(f'{frame.path} is not among the images of its folder') from None


class Corruption(ABC):
    """One type of corruption at one severity.

    The same seed, video, frame number and severity make the same image in every process. Videos
    keep their own look (direction of a blur, drift of the fog), noise is new in every frame.

    Args:
        severity: 1 (mild) to 5. Raising it makes the frame worse.
        seed: Another one gives another course of the same corruption.

    Raises:
        ValueError: If the severity is not 1 to 5.
    """

    # One entry for each severity.
    levels: ClassVar[tuple] = ()
    # Whether frames are lost; a data set asks keeps() before it shows one.
    loses_frames: ClassVar[bool] = False

    def __init__(self, severity: int, seed: int = 0) -> None:
        if severity not in SEVERITIES:
            raise ValueError(f'severity must be 1, 2, 3, 4 or 5, not {severity!r}')
        self.severity, self.seed = severity, seed
        self.level = self.levels[severity - 1]

    @abstractmethod
    def apply(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Corrupt a uint8 BGR image (H, W, 3); size and type stay."""

    def __call__(self, image: np.ndarray, frame: Frame) -> np.ndarray:
        """Corrupt an image.

        Args:
            image: (H, W, 3) BGR, uint8, or float32 in grey levels 0-255.
            frame: Its file and number.

        Returns:
            Corrupted image of the same shape and type.
        """
        levels = np.rint(image).clip(0, 255).astype(np.uint8)
        return self.apply(levels, frame).astype(image.dtype, copy=False)

    def keeps(self, frame: Frame) -> bool:
        """Whether a frame comes at all."""
        return True

    def video_rng(self, frame: Frame, purpose: str = 'look') -> np.random.Generator:
        """Make a generator of what a whole video shares; not different for other severities."""
        return stream(self.seed, frame.video, f'{type(self).__name__}/{purpose}')

    def frame_rng(self, frame: Frame) -> np.random.Generator:
        """Make a generator of what is new in every frame; not different for other severities."""
        return stream(self.seed, frame.video, type(self).__name__, index=frame.number)


def pixels(thousandths: float, image: np.ndarray) -> float:
    """Length in pixels of thousandths of the shorter side: one severity for all resolutions."""
    return thousandths * min(image.shape[:2]) / 1000
