"""Live sources: a stream over TCP that breaks off, and a camera without a device."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from vsd_mot.video.sources import Frame, FrameSource


@contextmanager
def tcp_stream(video: Path) -> Iterator[tuple[str, list[float]]]:
    """Serves an MPEG-TS file to whoever connects, and breaks off at its end.

    Yields:
        The address, and the times at which somebody connected.
    """
    content, times = video.read_bytes(), []
    listener = socket.create_server(('127.0.0.1', 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            times.append(time.monotonic())
            with connection:
                connection.sendall(content)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f'tcp://127.0.0.1:{listener.getsockname()[1]}', times
    finally:
        listener.close()


class BreakingCamera(FrameSource):
    """Gives the pictures at its rate, then ends.

    Args:
        pictures: (H, W, 3) uint8.
    """

    name = label = 'camera'
    live = True
    fps = 20.0

    def __init__(self, pictures: list[np.ndarray]) -> None:
        self.pictures = pictures

    def __iter__(self) -> Iterator[Frame]:
        for index, picture in enumerate(self.pictures):
            time.sleep(1 / self.fps)
            yield Frame(index, picture)
