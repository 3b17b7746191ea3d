"""How time is counted from frame to frame."""

from __future__ import annotations

from typing import Literal


class Clock:
    """Counts the ticks between two frames of a video.

    Whatever a tracker counts from frame to frame (misses until a track dies, frames for which it
    coasts, velocities) is counted in ticks. With ``unit='frames'``, as published, a frame is a
    tick however long it took: then a gap is not seen, and settings hold for one frame rate alone.
    With ``unit='seconds'`` the ticks are those of a clock, so settings hold for every frame rate:
    ``miss_tolerance=20`` is 20 / ``rate`` seconds.

    Args:
        unit: ``'frames'`` or ``'seconds'``.
        rate: Ticks per second: the frame rate for which the settings were chosen. Raising it makes
            tracks die sooner, and motion more inert.

    Raises:
        ValueError: The unit is not known, or the rate is not positive.
    """

    def __init__(
        self, unit: Literal['frames', 'seconds'] = 'frames', *, rate: float = 30.0
    ) -> None:
        if unit not in ('frames', 'seconds'):
            raise ValueError(f"a clock counts 'frames' or 'seconds', not {unit!r}")
        if not rate > 0:
            raise ValueError(f'the rate of a clock is in ticks per second, more than 0, not {rate}')
        self.unit = unit
        self.rate = rate
        self.reset()

    def reset(self) -> None:
        """Begin a video."""
        self._last: float | None = None

    def elapsed(self, time: float | None) -> float:
        """Count the ticks since the frame before.

        Args:
            time: When this frame was taken, in seconds from any origin; None where nobody knows.

        Returns:
            1 for the first frame of a video; 0 where time stands still or runs backwards.

        Raises:
            ValueError: The clock counts seconds, and the frame has no time.
        """
        if self.unit == 'frames':
            return 1.0
        if time is None:
            raise ValueError(
                "the clock counts seconds, and a frame has no time ('frame_time'): give the "
                "annotation file's videos their fps, or count frames, clock=dict(unit='frames')"
            )
        last, self._last = self._last, time
        return 1.0 if last is None else max(0.0, (time - last) * self.rate)
