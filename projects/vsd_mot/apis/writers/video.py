"""Annotated video, H.264 in MP4 wherever an encoder for it is there."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from mmengine.logging import print_log

from ..errors import OutputError
from ..results import FrameResult
from .base import ResultWriter

# In order of preference. The PyAV wheels have libx264; some builds of FFmpeg have only the others.
ENCODERS = ('libx264', 'libopenh264', 'mpeg4')
CLOCK = 90_000  # ticks per second, the usual clock of video


def find_encoder() -> str:
    """The best encoder of this FFmpeg for MP4.

    Raises:
        OutputError: It has none.
    """
    for name in ENCODERS:
        if name in av.codecs_available:
            return name
    raise OutputError(
        f'this FFmpeg can encode none of {", ".join(ENCODERS)}: pip install --force-reinstall av, '
        'or write no video'
    )


class VideoWriter(ResultWriter):
    """Annotated frames as MP4.

    Frames keep their time, so that a variable frame rate, or a camera from which frames were
    dropped, plays at the right speed. An odd width or height is padded by one pixel, since H.264
    stores colour at half resolution.

    Args:
        path: The MP4 file.
        fps: Frames per second of the source.
        encoder: Name of FFmpeg's encoder; None takes the best there is.
    """

    def __init__(self, path: str | Path, fps: float, encoder: str | None = None) -> None:
        self.fps = fps
        self.encoder = encoder or find_encoder()
        if self.encoder == 'mpeg4':
            print_log(
                'no H.264 encoder: the video is MPEG-4 part 2, which players show but browsers '
                'may not',
                logger='current',
                level=logging.WARNING,
            )
        self._stream: av.VideoStream | None = None
        self._size: tuple[int, int] | None = None
        self._last_tick = -1
        super().__init__(path)

    def _open(self) -> None:
        # faststart puts the index first, so that a browser can begin before it has the whole file.
        self._container = av.open(
            str(self.partial.resolve()), 'w', format='mp4', options={'movflags': 'faststart'}
        )

    def _start(self, picture: np.ndarray) -> None:
        height, width = picture.shape[:2]
        self._size = (height, width)
        rate = Fraction(self.fps).limit_denominator(1001)
        self._stream = self._container.add_stream(self.encoder, rate=rate)
        self._stream.width = width + width % 2
        self._stream.height = height + height % 2
        self._stream.pix_fmt = 'yuv420p'
        self._stream.codec_context.time_base = Fraction(1, CLOCK)
        if self.encoder == 'libx264':
            self._stream.options = {'preset': 'veryfast', 'crf': '21'}
        else:
            pixels = self._stream.width * self._stream.height
            self._stream.bit_rate = max(500_000, int(pixels * float(rate) * 0.15))

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if self._stream is None:
            self._start(picture)
        if picture.shape[:2] != self._size:
            raise OutputError(
                f'{self.path}: frame {result.index + 1} has the size {picture.shape[:2]}, '
                f'those before it {self._size}'
            )
        height, width = self._size
        if height % 2 or width % 2:
            picture = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode='edge')
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format='bgr24')
        frame.time_base = Fraction(1, CLOCK)
        frame.pts = self._last_tick = max(self._last_tick + 1, round(result.time * CLOCK))
        frame.duration = round(CLOCK / self.fps)
        self._container.mux(self._stream.encode(frame))

    def _finish(self) -> bool:
        try:
            if self._stream is not None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
        return self._stream is not None
