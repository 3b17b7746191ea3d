"""Frames of a video file or a network stream, decoded by PyAV (FFmpeg)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from ..errors import SourceError
from .sources import Frame, FrameSource, usable_fps

STREAM_PATTERN = re.compile(r'^(rtsps?|rtmps?|rtp|udp|tcp|srt|https?)://', re.IGNORECASE)
LOGIN_PATTERN = re.compile(r'//[^/@]*@')  # user:password@, kept out of messages
# Seconds to wait for a stream to answer, and between two of its packets.
STREAM_TIMEOUT = (15.0, 15.0)


def is_stream_address(source: str) -> bool:
    """Whether `source` is an address such as rtsp://... or http://..."""
    return STREAM_PATTERN.match(source) is not None


class VideoSource(FrameSource):
    """A video file, or a stream by its address.

    Frames come out as a player shows them: the rotation that phones note in the file is applied.
    A packet that cannot be decoded counts as one unreadable frame. A stream without a known
    duration is live.

    Args:
        source: Path of a video file, or an address (rtsp, rtmp, udp, srt, http, https ...).

    Raises:
        SourceError: The file or stream cannot be opened, has no video in it, or has a codec that
            this FFmpeg cannot decode.
    """

    def __init__(self, source: str | Path) -> None:
        self.source = str(source)
        stream = is_stream_address(self.source)
        self.label = LOGIN_PATTERN.sub('//', self.source) if stream else self.source
        if stream:
            self.name = Path(self.label.split('?')[0]).stem or 'stream'
            self.container = self._open(self.source, timeout=STREAM_TIMEOUT)
        else:
            self.path = Path(self.source)
            self.name = self.path.stem
            if self.path.stat().st_size == 0:
                raise SourceError(f'{self.label} is empty (0 bytes)')
            # PyAV hands a path that holds "://" to FFmpeg's protocols, so files go by full path.
            self.container = self._open(str(self.path.resolve()), timeout=None)
        self.stream = self._video_stream()
        self.live = stream and self.container.duration is None
        self.fps = usable_fps(float(self.stream.average_rate or self.stream.guessed_rate or 0))
        self.length = None if self.live else self._count()

    def _open(
        self, address: str, *, timeout: tuple[float, float] | None
    ) -> av.container.InputContainer:
        options = {'rtsp_transport': 'tcp'} if address.lower().startswith('rtsp') else {}
        try:
            return av.open(address, options=options, timeout=timeout)
        except (av.FFmpegError, OSError) as error:
            remedy = (
                'check the address, the network and the login'
                if timeout
                else 'it is damaged, still being written, or not a video'
            )
            raise SourceError(
                f'{self.label} cannot be opened as a video ({reason(error)}): {remedy}'
            ) from error

    def _video_stream(self) -> av.VideoStream:
        if not self.container.streams.video:
            self.container.close()
            raise SourceError(f'{self.label} has no video in it (sound only?)')
        stream = self.container.streams.video[0]
        if stream.codec_context is None:
            self.container.close()
            raise SourceError(
                f'{self.label}: this FFmpeg has no decoder for its codec; convert it first, '
                'e.g. ffmpeg -i IN -c:v libx264 OUT.mp4'
            )
        stream.thread_type = 'AUTO'
        return stream

    def _count(self) -> int | None:
        if self.stream.frames:
            return self.stream.frames
        if self.container.duration:
            return max(1, round(self.container.duration / av.time_base * self.fps))
        return None

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        begin: float | None = None
        for decoded in self._decode():
            if isinstance(decoded, str):
                yield Frame(
                    index, None, time=index / self.fps, fault=f'frame {index + 1}: {decoded}'
                )
                index += 1
                continue
            image = upright(decoded)
            now = time.monotonic() if self.live else decoded.time
            begin = now if begin is None else begin
            seconds = now - begin if now is not None and begin is not None else index / self.fps
            fault = f'frame {index + 1}: damaged picture' if decoded.is_corrupt else None
            yield Frame(index, image, time=seconds, fault=fault)
            index += 1

    def _decode(self) -> Iterator[av.VideoFrame | str]:
        """Return decoded frames, and for each packet that cannot be decoded the reason."""
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except (av.FFmpegError, OSError) as error:
                # What follows cannot be found any more: the file is cut, or the stream has gone.
                yield f'the video breaks off here ({reason(error)})'
                return
            try:
                yield from packet.decode()
            except av.error.EOFError:
                return
            except av.FFmpegError as error:
                yield f'cannot be decoded ({reason(error)})'

    def close(self) -> None:
        """Close the file or connection."""
        self.container.close()


def upright(frame: av.VideoFrame) -> np.ndarray:
    """Return the picture as (H, W, 3) uint8 BGR, turned by the rotation noted in the file."""
    image = frame.to_ndarray(format='bgr24')
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def reason(error: Exception) -> str:
    """Return FFmpeg's own words for an error, without numbers and paths."""
    return getattr(error, 'strerror', None) or str(error)
