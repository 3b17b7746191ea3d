"""Open a source by what the user typed, and read it in a background thread."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from io import IOBase
from numbers import Integral
from pathlib import Path

import cv2
import numpy as np

from ..errors import SourceError
from .sources import ArraySource, CameraSource, FolderSource, Frame, FrameSource
from .video_source import VideoSource, is_stream_address

SourceLike = FrameSource | int | str | Path | Iterable[np.ndarray]


def open_source(source: SourceLike, *, fps: float | None = None) -> FrameSource:
    """Open whatever can be tracked.

    Args:
        source: A video file, a folder of images (or a MOTChallenge sequence folder), the number
            of a camera (int, or a string of digits), a stream address (rtsp://, http:// ...), or
            an iterable of (H, W, 3) uint8 BGR arrays.
        fps: Frames per second, where those of the source are wrong or not known; its own times are
            not used then.

    Returns:
        The opened source, to be closed after use.

    Raises:
        SourceError: There is no such thing, or it cannot be read.
    """
    opened = _open(source)
    if fps is not None:
        opened.supply_rate(fps)
    return opened


def open_together(
    sources: Mapping[str, SourceLike], opener: Callable[[SourceLike], FrameSource] = open_source
) -> tuple[dict[str, FrameSource], dict[str, SourceError]]:
    """Open sources at the same time: a stream takes seconds, and a dead one until its time-out.

    Args:
        sources: By name.
        opener: What opens one.

    Returns:
        The opened ones, and of the others why they cannot be opened, by name.
    """
    with ThreadPoolExecutor(max(1, len(sources))) as pool:
        opening = {name: pool.submit(opener, source) for name, source in sources.items()}
    opened: dict[str, FrameSource] = {}
    failed: dict[str, SourceError] = {}
    for name, one in opening.items():
        try:
            opened[name] = one.result()
        except SourceError as error:
            failed[name] = error
    return opened, failed


def _open(source: SourceLike) -> FrameSource:
    if isinstance(source, FrameSource):
        return source
    if isinstance(source, Integral) and not isinstance(source, bool):
        return CameraSource(int(source))
    if not isinstance(source, str | Path):
        return ArraySource(_require_frames(source))
    text, path = str(source), Path(source)
    if not text.strip():
        raise SourceError('the name of the video is empty')
    if is_stream_address(text):
        return VideoSource(text)
    if path.is_dir():
        return FolderSource(path)
    if path.is_file():
        return VideoSource(path)
    if path.exists():
        raise SourceError(f'{text} is neither a file nor a folder, but a pipe or device')
    if text.isdigit():
        return CameraSource(int(text))
    raise SourceError(
        f'{text} does not exist: give a video file, a folder of images, the number of a camera, '
        'or a stream address such as rtsp://host/path'
    )


def _require_frames(source: object) -> Iterable[np.ndarray]:
    """Refuse objects that are no frames one after the other, before anything is made of them."""
    kind = f'{type(source).__module__}.{type(source).__qualname__}'
    if isinstance(source, cv2.VideoCapture):
        remedy = 'give the path, address or camera number that it was opened with'
    elif isinstance(source, np.ndarray) and source.ndim != 4:
        remedy = f'its shape is {source.shape}; give several images, as (N, H, W, 3) or in a list'
    elif not isinstance(source, Iterable) or isinstance(
        source, Mapping | Set | bytes | bytearray | memoryview | IOBase
    ):
        remedy = (
            'give a path, the number of a camera, a stream address, or images in their order '
            '((H, W, 3) uint8 BGR arrays)'
        )
    else:
        return source
    raise SourceError(f'{kind} is nothing that can be tracked: {remedy}')


class FrameReader:
    """Reads ahead in a background thread, so that decoding and tracking overlap.

    Of a live source only the newest frame is kept: when tracking is slower than the camera, the
    frames between are dropped and counted, and the displayed picture is never old.

    Args:
        source: The source to read.
        depth: How many frames to read ahead, at the cost of their memory; live sources read one.

    Attributes:
        dropped: Number of frames of a live source that were not waited for.
    """

    def __init__(self, source: FrameSource, depth: int = 16) -> None:
        self.source = source
        self.dropped = 0
        self._queue: queue.Queue[Frame | BaseException | None] = queue.Queue(
            1 if source.live else max(1, depth)
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name='frame-reader', daemon=True)
        self._thread.start()

    def _read(self) -> None:
        first = None
        try:
            for frame in self.source:
                frame.arrived = time.monotonic()
                if self.source.rate_supplied:
                    first = frame.number if first is None else first
                    frame.time = (frame.number - first) / self.source.fps
                if self.source.live:
                    self._replace(frame)
                else:
                    self._put(frame)
                if self._stop.is_set():
                    return
            self._put(None)
        except BaseException as error:  # handed to the consumer, who raises it
            self._put(error)

    def _put(self, item: Frame | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                return self._queue.put(item, timeout=0.1)
            except queue.Full:
                continue

    def _replace(self, frame: Frame) -> None:
        try:
            self._queue.get_nowait()
            self.dropped += 1
        except queue.Empty:
            pass
        self._put(frame)

    def __iter__(self) -> Iterator[Frame]:
        while True:
            try:
                # With a time limit, so that a signal is answered while a stream is silent.
                item = self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def poll(self, timeout: float) -> tuple[Frame | None, bool]:
        """Return the next frame if it comes in time.

        Args:
            timeout: Seconds to wait for it; 0 does not wait.

        Returns:
            The frame or None, and whether the source has ended.
        """
        try:
            item = self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        except queue.Empty:
            return None, False
        if isinstance(item, BaseException):
            raise item
        return item, item is None

    def close(self) -> None:
        """Stop reading and close the source."""
        self._stop.set()
        self.source.stop()
        self._thread.join(timeout=5.0)
        if not self._thread.is_alive():
            # A thread that hangs in a dead stream still uses it; it ends with the process.
            self.source.close()
