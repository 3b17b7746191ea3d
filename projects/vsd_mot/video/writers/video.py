"""Annotated video, H.264 in MP4 wherever FFmpeg has an encoder for it."""

from __future__ import annotations

import logging
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from mmengine.logging import print_log

from ...errors import OutputError
from ...fileio import open_new, temporary_beside
from ..results import FrameResult
from .base import ResultWriter

# In order of preference. The PyAV wheels have libx264; some builds of FFmpeg have only the others.
ENCODERS = ('libx264', 'libopenh264', 'mpeg4')
# Ticks per second: frames of 24, 25, 30, 50, 60 and 29.97 fps are whole numbers of them, and
# MPEG-4 part 2 takes no finer clock than 65535.
CLOCK = 60_000
FRAGMENT_SECONDS = 2.0


def find_encoder() -> str:
    """Return the best encoder of this FFmpeg for MP4.

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


class Sink:
    """The file under a muxer, which keeps the first error instead of handing it to FFmpeg.

    FFmpeg buffers, notices a full disk late or not at all, and may crash when it closes a file
    that has failed. What comes after the first error is dropped.

    Args:
        path: The file.

    Attributes:
        error: The first error, None as long as all went well.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_new(path)
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Take bytes from the muxer."""
        rest = memoryview(data)
        try:
            while self.error is None and rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self.error = error
        return len(data)

    def check(self) -> None:
        """Raise the first error, if there was one."""
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class VideoWriter(ResultWriter):
    """Annotated frames as MP4.

    While it grows, the file consists of fragments that play without an end: a killed process or a
    full disk costs the last seconds. Closing turns it into a plain MP4 with its index in front,
    which browsers play before they have all of it.

    Frames keep their time, so that a variable frame rate, or a camera from which frames were
    dropped, plays at the right speed. An odd width or height is padded by one pixel, since H.264
    stores colour at half resolution.

    Args:
        path: The MP4 file.
        fps: Frames per second of the source.
        encoder: Name of FFmpeg's encoder; None takes the best there is.
        quality: Constant rate factor of H.264: lower is better and larger, 18 looks lossless.
        bit_rate: Most bits per second; lowering it spoils what moves first. None sets no limit.

    Attributes:
        pixel_aspect: Width : height of a pixel as players are to show it; it may be set until the
            first frame is added.
    """

    def __init__(
        self,
        path: str | Path,
        fps: float,
        *,
        encoder: str | None = None,
        quality: int = 21,
        bit_rate: float | None = None,
    ) -> None:
        self.fps = fps
        self.bit_rate = bit_rate
        self.quality = quality
        self.encoder = encoder or find_encoder()
        if self.encoder == 'mpeg4':
            print_log(
                'no H.264 encoder: the video is MPEG-4 part 2, which players show but browsers '
                'may not',
                logger='current',
                level=logging.WARNING,
            )
        self.pixel_aspect = Fraction(1)
        self._stream: av.VideoStream | None = None
        self._size: tuple[int, int] | None = None
        self._last_tick = -1
        super().__init__(path)

    def _open(self) -> None:
        self._sink = Sink(self.partial)
        fragments = {'movflags': 'frag_keyframe+empty_moov+default_base_moof'}
        self._container = av.open(self._sink, 'w', format='mp4', options=fragments)

    def _start(self, picture: np.ndarray) -> av.VideoStream:
        height, width = picture.shape[:2]
        rate = Fraction(self.fps).limit_denominator(1001)
        stream = self._container.add_stream(self.encoder, rate=rate)
        if not isinstance(stream, av.VideoStream):  # as `add_stream` makes of a sound's encoder
            raise OutputError(f'{self.encoder} is no encoder of video')
        stream.width = width + width % 2
        stream.height = height + height % 2
        stream.pix_fmt = 'yuv420p'
        if self.pixel_aspect != 1:
            stream.codec_context.sample_aspect_ratio = self.pixel_aspect
        stream.codec_context.time_base = Fraction(1, CLOCK)
        stream.codec_context.gop_size = max(1, round(FRAGMENT_SECONDS * self.fps))
        # A reordering of frames would shift the times of a fragmented file.
        stream.codec_context.max_b_frames = 0
        if self.encoder == 'libx264':
            stream.options = {'preset': 'veryfast', 'crf': str(self.quality)}
            if self.bit_rate is not None:
                limit = str(int(self.bit_rate))
                stream.options |= {'maxrate': limit, 'bufsize': limit}
        else:
            pixels = stream.width * stream.height
            usual = max(500_000, int(pixels * float(rate) * 0.15))
            stream.bit_rate = min(usual, int(self.bit_rate or usual))
        return stream

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if picture is None:
            raise OutputError(f'{self.path}: frame {result.number} has no picture to write')
        self.add(picture, result.time)

    def add(self, picture: np.ndarray, time: float) -> None:
        """Add a picture.

        Args:
            picture: (H, W, 3) uint8 BGR.
            time: Seconds since the first one.

        Raises:
            OutputError: It has another size than those before it.
            OSError: It cannot be written.
        """
        if self._stream is None:
            self._stream = self._start(picture)
            self._size = picture.shape[:2]
        height, width = picture.shape[:2]
        if (height, width) != self._size:
            raise OutputError(
                f'{self.path}: a picture of {(height, width)} after those of {self._size}'
            )
        if height % 2 or width % 2:
            picture = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode='edge')
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format='bgr24')
        frame.time_base = Fraction(1, CLOCK)
        frame.pts = self._last_tick = max(self._last_tick + 1, round(time * CLOCK))
        frame.duration = round(CLOCK / self.fps)
        self._container.mux(self._stream.encode(frame))
        self._sink.check()

    def _finish(self) -> bool:
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
        self._sink.close()
        if count_packets(self.partial) == 0:
            return False
        self._defragment()
        return True

    def _check(self) -> None:
        self._sink.check()

    def _defragment(self) -> None:
        """Make a plain MP4 of the fragments; where the disk is too full, they stay, and play."""
        plain = temporary_beside(self.path, '.partial')
        try:
            copy_packets(self.partial, plain)
            os.replace(plain, self.partial)
        except (av.FFmpegError, OSError):
            plain.unlink(missing_ok=True)


def count_packets(path: Path) -> int:
    """Return the number of packets of the video in a file, 0 for a file that is no video."""
    try:
        with av.open(str(path.resolve())) as container:
            return sum(packet.size > 0 for packet in container.demux(video=0))
    except (av.FFmpegError, OSError, IndexError):  # no video, not readable, no stream in it
        return 0


def copy_packets(source: Path, target: Path) -> None:
    """Copy a video into a plain MP4 with its index in front, without coding it anew.

    Raises:
        FFmpegError: One of the two cannot be read or written.
    """
    flags = {'movflags': 'faststart'}
    with (
        av.open(str(source.resolve())) as fragments,
        av.open(str(target.resolve()), 'w', format='mp4', options=flags) as plain,
    ):
        stream = plain.add_stream_from_template(fragments.streams.video[0])
        for packet in fragments.demux(video=0):
            if packet.dts is not None:  # the last one is empty, it tells decoders to finish
                packet.stream = stream
                plain.mux(packet)
