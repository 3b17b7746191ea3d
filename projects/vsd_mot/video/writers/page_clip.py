"""The pictures of a page: a video small enough to be in it, of the frames that were tracked."""

from __future__ import annotations

import math
import tempfile
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from ...errors import OutputError, SourceError
from ...visualization.annotator import unreadable_frame
from ...visualization.pages import PageClip
from ..sources import FrameSource
from .video import VideoWriter, find_encoder

MEGABYTES = 40.0
MOST_PIXELS = 1280 * 720
LEAST_PIXELS = 160 * 90
# Below this, H.264 at `veryfast` looks worse than a smaller picture that is enlarged.
BITS_PER_PIXEL = 0.04
QUALITY = 24
# What is asked for where the length is unknown: room for an hour.
UNKNOWN_SECONDS = 3600.0


class PageClipWriter:
    """Collects the frames of a video for a page.

    The video is always coded anew: its frames are then those that the tracker had, the ones that
    could not be read included, each at its time.

    Args:
        source: The video, for its name, frame rate and length.
        megabytes: What the video may take in the page, about. Lowering it makes pictures smaller,
            then worse.

    Raises:
        OutputError: This FFmpeg writes no video that browsers play.
    """

    def __init__(self, source: FrameSource, megabytes: float = MEGABYTES) -> None:
        encoder = find_encoder()
        if encoder == 'mpeg4':
            raise OutputError(
                'this FFmpeg has no H.264 encoder, and browsers play nothing else that it writes: '
                'pip install --force-reinstall av'
            )
        self.source = source
        length = source.length or UNKNOWN_SECONDS * source.fps
        self._bits_per_frame = megabytes * 8e6 * 3 / 4 / length  # the page holds it as base64
        self._folder = tempfile.TemporaryDirectory(prefix='vsd-mot-page-')
        self._path = Path(self._folder.name) / 'clip.mp4'
        rate = self._bits_per_frame * source.fps
        self._video = VideoWriter(
            self._path, source.fps, encoder=encoder, quality=QUALITY, bit_rate=rate
        )
        self._times: list[float] = []
        self._numbers: list[int] = []
        self._damage: list[str | None] = []
        self._size: tuple[int, int] | None = None  # height, width of the first picture
        self._last: np.ndarray | None = None
        self._awaiting: list[float] = []  # times of frames before the first picture

    def __len__(self) -> int:
        return len(self._times)

    def add(
        self, image: np.ndarray | None, *, time: float, number: int, damage: str | None
    ) -> None:
        """Add a frame.

        Args:
            image: (H, W, 3) uint8 BGR, of one size; None where it could not be read.
            time: Seconds.
            number: In MOTChallenge files.
            damage: What is wrong with it in one word.

        Raises:
            OSError: It cannot be written.
        """
        self._times.append(time)
        self._numbers.append(number)
        self._damage.append(damage)
        if image is not None:
            self._size = self._size or (image.shape[0], image.shape[1])
            self._last = self._shrunk(image)
            for earlier in self._awaiting:
                self._video.add(unreadable_frame(np.zeros_like(self._last)), earlier)
            self._awaiting.clear()
            self._video.add(self._last, time)
        elif self._last is not None:
            self._video.add(unreadable_frame(self._last), time)
        else:
            self._awaiting.append(time)

    def _shrunk(self, image: np.ndarray) -> np.ndarray:
        assert self._size is not None
        size = page_size(self._size, self.source.pixel_aspect, self._bits_per_frame)
        if size == image.shape[1::-1]:
            return image
        return cv2.resize(image, size, interpolation=cv2.INTER_AREA)

    def finish(self) -> PageClip:
        """Return what there is, and forget it.

        Raises:
            OutputError: It could not be written.
            SourceError: There is no picture.
        """
        try:
            if self._video.close() is None or self._size is None:
                raise SourceError(f'{self.source.label}: not one frame of it could be read')
            video = self._path.read_bytes()
        finally:
            self.discard()
        height, width = self._size
        return PageClip(
            self.source.name,
            width,
            height,
            times=np.array(self._times),
            numbers=np.array(self._numbers),
            damage=self._damage,
            video=video,
        )

    def discard(self) -> None:
        """Remove what was written."""
        self._video.discard()
        self._folder.cleanup()


def page_size(
    size: tuple[int, int], pixel_aspect: Fraction, bits_per_frame: float
) -> tuple[int, int]:
    """Choose the size of the pictures in a page.

    Args:
        size: (height, width) of the frames in pixels.
        pixel_aspect: Width : height of their pixels; those of the page are square.
        bits_per_frame: What a frame may take. Lowering it makes pictures smaller.

    Returns:
        Width and height, both even, as H.264 wants them.
    """
    height, width = size[0], size[1] * float(pixel_aspect)
    most = min(MOST_PIXELS, max(LEAST_PIXELS, bits_per_frame / BITS_PER_PIXEL))
    scale = min(1.0, math.sqrt(most / (height * width)))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))
