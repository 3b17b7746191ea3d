"""Frames of a video file or a network stream, decoded by PyAV (FFmpeg)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from ..errors import SourceError
from .file_end import joined_videos, missing_bytes
from .frame_clock import FrameClock
from .lost_frames import LostFrames
from .sources import Frame, FrameSource, usable_fps, without_rate
from .video_track import choose_track, noted_seconds, other_tracks, pixel_aspect

STREAM_PATTERN = re.compile(r'^(rtsps?|rtmps?|rtp|udp|tcp|srt|https?)://', re.IGNORECASE)
LOGIN_PATTERN = re.compile(r'//[^/@]*@')  # user:password@, kept out of messages
# Seconds to wait for a stream to answer, and between two of its packets.
STREAM_TIMEOUT = (15.0, 15.0)
# The last frame may begin so many frames before the end that the header notes, and none is missing.
END_TOLERANCE = 2.5
TS_DISCONT = 0x0200  # FFmpeg's flag of formats whose clocks may jump
# Formats of files that only name other files, which whoever made them has no right to choose.
LISTS = {'concat', 'dash', 'hls', 'imf', 'mlv', 'rtsp', 'sdp', 'vobsub'}


def is_stream_address(source: str) -> bool:
    """Whether `source` is an address such as rtsp://... or http://..."""
    return STREAM_PATTERN.match(source) is not None


class VideoSource(FrameSource):
    """A video file, or a stream by its address.

    Frames come out as a player shows them: the rotation that phones note in the file is applied,
    covers and previews are passed over, times only rise (see :class:`FrameClock`). A packet that
    cannot be decoded counts as one unreadable frame. A stream without a known duration is live.

    What a header says of length and rate is a guess: it never ends the reading. Where the frames
    end before it, or before the file's own structure does, `incomplete` says so.

    Args:
        source: Path of a video file, or an address (rtsp, rtmp, udp, srt, http, https ...).

    Raises:
        SourceError: The file or stream cannot be opened, has no video in it, or has a codec that
            this FFmpeg cannot decode; or the file is a playlist, which names other files.
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
        try:
            if not stream:
                self._refuse_lists()
            self.stream = choose_track(self.container, self.label)
        except SourceError:
            self.container.close()
            raise
        self.stream.thread_type = 'AUTO'
        if others := other_tracks(self.container, self.stream):
            self.note = f'{self.label} has {others}'
        self.live = stream and self.container.duration is None
        rate = float(self.stream.average_rate or self.stream.guessed_rate or 0)
        self.fps = usable_fps(rate)
        self.note = self.note or (None if stream else without_rate(self.label, rate))
        self._own_fps = self.fps  # whatever rate is supplied later
        self.pixel_aspect = pixel_aspect(self.stream)
        self.length = None if self.live else self._count()
        # The index of an MP4 has an entry for each frame; all else are durations and old counts.
        self.length_is_guess = not ('mp4' in self.container.format.name and self.stream.frames)

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

    def _refuse_lists(self) -> None:
        kind = self.container.format.name
        if LISTS.intersection(kind.split(',')):
            raise SourceError(
                f'{self.label} is no video but a list of other files ({kind}): give a video itself'
            )

    def _count(self) -> int | None:
        """Return the number of frames as the header has it; edit lists hide some of them."""
        seconds = noted_seconds(self.container, self.stream)
        if seconds is None and self.container.duration:
            seconds = self.container.duration / av.time_base
        by_time = max(1, round(seconds * self.fps)) if seconds is not None else None
        return self.stream.frames or by_time

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        clock = FrameClock(self._own_fps, joined=bool(self.container.format.flags & TS_DISCONT))
        is_first = True
        begin: float | None = None
        seconds = 0.0
        for decoded in self._decode():
            if isinstance(decoded, str):
                fault = f'frame {index + 1}: {decoded}'
                yield Frame(index, None, time=index / self.fps, fault=fault)
                index += 1
                continue
            image = upright(decoded)
            if is_first and round(decoded.rotation / 90) % 2:
                self.pixel_aspect = 1 / self.pixel_aspect
            is_first = False
            now = time.monotonic() if self.live else decoded.time
            begin = now if begin is None else begin
            seconds = now - begin if self.live else clock.seconds(decoded.time)
            damage = f'frame {index + 1}: damaged picture' if decoded.is_corrupt else None
            yield Frame(index, image, time=seconds, fault=damage)
            index += 1
        self._judge_end(index, seconds)

    def _decode(self) -> Iterator[av.VideoFrame | str]:
        """Return decoded frames, and for each packet that cannot be decoded the reason."""
        lost = LostFrames()
        for packet in self._packets():
            lost.sent(packet.pts)
            try:
                for frame in packet.decode():
                    yield from lost.before(frame.pts)
                    yield frame
            except av.error.EOFError:
                break
            except av.FFmpegError as error:
                lost.failed(f'cannot be decoded ({reason(error)})')
        yield from lost.rest()

    def _packets(self) -> Iterator[av.Packet]:
        """Return the packets of the track; an error on the way is noted as its end."""
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except (av.FFmpegError, OSError) as error:
                # What follows cannot be found any more: the file is cut, or the stream has gone.
                self.incomplete = f'{self.label} breaks off ({reason(error)})'
                return
            yield packet

    def _judge_end(self, frames: int, seconds: float) -> None:
        """Compare where the frames ended with what the file says of itself.

        Args:
            frames: How many there were.
            seconds: Time of the last one.
        """
        count = f'{frames} of {self.length}' if self.length else f'{frames}'
        if self.incomplete is not None:
            self.incomplete += f' after frame {count}'
            return
        if self.path is not None and (missing := missing_bytes(self.path)):
            self.incomplete = (
                f'{self.label} ends after frame {count}: it is cut off, {missing} bytes of it are '
                'missing. Copy or download it again'
            )
            return
        if self.path is not None and (joined := joined_videos(self.path)) > 1:
            self.incomplete = (
                f'{self.label} holds {joined} videos, joined by copying, of which the first was '
                'read: join them by a program for videos, or take them one by one'
            )
            return
        noted = None if self.live else noted_seconds(self.container, self.stream)
        reached = seconds + 1 / self._own_fps
        if noted is not None and reached < noted - END_TOLERANCE / self._own_fps:
            said = f'{self.label} ends after frame {count}, at {reached:.1f} of {noted:.1f} s'
            if 'avi' in self.container.format.name:  # counts what a recorder left out as well
                self.remark = f'{said}; the file is whole, so its header is probably wrong'
            else:
                self.incomplete = f'{said}: the rest is missing. Copy or download it again'
        elif 'avi' in self.container.format.name and frames < self.stream.frames:
            self.remark = (
                f'{self.label}: its recorder left out {self.stream.frames - frames} frames'
            )

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
