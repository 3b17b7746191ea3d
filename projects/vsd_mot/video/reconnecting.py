"""A stream that is opened again when it stalls or ends."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import SourceError
from .reader import open_source
from .sources import Frame, FrameSource

GIVE_UP = 300.0
MAX_GAPS = 100  # the latest ones are kept


class ReconnectingSource(FrameSource):
    """A live source that goes on where it broke off, with the gap in its frames' times.

    Frames are counted on, and their times are those of one clock, so that whoever counts seconds
    knows how long nothing came. After each failure it waits twice as long as before.

    Args:
        connect: Opens the source anew; raises :class:`SourceError` where that fails.
        give_up: Seconds without a frame after which it ends. Raising it survives longer outages.
        pauses: First and longest pause between two attempts, in seconds.

    Raises:
        SourceError: The first connection fails.
    """

    live = True

    def __init__(
        self,
        connect: Callable[[], FrameSource],
        *,
        give_up: float = GIVE_UP,
        pauses: tuple[float, float] = (1.0, 30.0),
    ) -> None:
        self.connect = connect
        self.give_up = give_up
        self.pauses = pauses
        self.gaps: deque[tuple[float, float]] = deque(maxlen=MAX_GAPS)
        self._closed = threading.Event()
        self._source: FrameSource | None = connect()
        self.name, self.label = self._source.name, self._source.label
        self.fps = self._source.fps

    def __iter__(self) -> Iterator[Frame]:
        begin = last = time.monotonic()
        index = 0
        while self._source is not None:
            try:
                for frame in self._source:
                    if frame.image is None:
                        continue  # what breaks off is a gap, and its time tells of it
                    now = time.monotonic()
                    if index == 0:
                        begin = now
                        self.pixel_aspect = self._source.pixel_aspect
                    elif now - last > max(1.0, 10 / self.fps):
                        self.gaps.append((last - begin, now - last))
                    last = now
                    yield replace(frame, index=index, number=index + 1, time=now - begin)
                    index += 1
            except (SourceError, OSError) as error:
                print(f'{self.label}: {error}', file=sys.stderr)
            self._source.close()
            self._source = self._reconnected(last)

    def _reconnected(self, last: float) -> FrameSource | None:
        """Try to open the source until it works or it is time to give up."""
        pause, longest = self.pauses
        while time.monotonic() - last < self.give_up:
            if self._closed.wait(pause):
                return None
            try:
                return self.connect()
            except (SourceError, OSError) as error:
                print(
                    f'{self.label} does not answer ({error}); next attempt in '
                    f'{min(2 * pause, longest):.0f} s',
                    file=sys.stderr,
                )
            pause = min(2 * pause, longest)
        self.incomplete = f'{self.label} gave no frame for {self.give_up:g} s'
        return None

    def stop(self) -> None:
        """Connect no more."""
        self._closed.set()

    def close(self) -> None:
        """Stop, and close what is open."""
        self.stop()
        if self._source is not None:
            self._source.close()


def open_lasting(address: int | str, *, give_up: float = GIVE_UP) -> FrameSource:
    """Open a source such that it goes on after it broke off, if it is live.

    Args:
        address: Of a camera or stream; a file is opened as :func:`open_source` does it.
        give_up: See :class:`ReconnectingSource`; 0 lets it end where it breaks off.

    Raises:
        SourceError: It cannot be opened now.
    """
    opened = open_source(address)
    if not opened.live or give_up <= 0:
        return opened
    first = [opened]
    return ReconnectingSource(
        lambda: first.pop() if first else open_source(address), give_up=give_up
    )
