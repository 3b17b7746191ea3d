"""A stream that is opened again when it stalls or ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import SourceError
from .sources import Frame, FrameSource


class ReconnectingSource(FrameSource):
    """A live source that goes on where it broke off, with the gap in its frames' times.

    Frames are counted on, and their times are those of one clock, so that whoever counts seconds
    knows how long nothing came. After each failure it waits twice as long as before.

    Args:
        connect: Opens the source anew; raises :class:`SourceError` where that fails.
        give_up: Seconds without a frame after which it ends. Raising it survives longer outages.
        pauses: First and longest pause between two attempts, in seconds.

    Attributes:
        gaps: Start of each gap and its length, in seconds since the first frame.

    Raises:
        SourceError: The first connection fails.
    """

    live = True

    def __init__(
        self,
        connect: Callable[[], FrameSource],
        *,
        give_up: float = 300.0,
        pauses: tuple[float, float] = (1.0, 30.0),
    ) -> None:
        self.connect = connect
        self.give_up = give_up
        self.pauses = pauses
        self.gaps: list[tuple[float, float]] = []
        self._closed = False
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
                    elif now - last > max(1.0, 10 / self.fps):
                        self.gaps.append((last - begin, now - last))
                    last = now
                    yield replace(frame, index=index, number=index + 1, time=now - begin)
                    index += 1
            except (SourceError, OSError) as error:
                print(f'{self.label}: {error}', file=sys.stderr)
            self._source.close()
            self._source = None if self._closed else self._reconnected(last)

    def _reconnected(self, last: float) -> FrameSource | None:
        """Try to open the source until it works or it is time to give up."""
        pause, longest = self.pauses
        while not self._closed and time.monotonic() - last < self.give_up:
            time.sleep(pause)
            try:
                return self.connect()
            except (SourceError, OSError) as error:
                print(
                    f'{self.label} does not answer ({error}); next attempt in '
                    f'{min(2 * pause, longest):.0f} s',
                    file=sys.stderr,
                )
            pause = min(2 * pause, longest)
        return None

    def close(self) -> None:
        """Stop, and connect no more."""
        self._closed = True
        if self._source is not None:
            self._source.close()
