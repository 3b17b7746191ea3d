"""The times of a video's frames, in order whatever its container notes."""

from __future__ import annotations

# A step back by more frames than this is a clock that starts again, not two frames out of order.
RESTART_FRAMES = 2.5
# In formats that are cut and joined anywhere (transport streams), a longer gap is no gap but
# another clock; FFmpeg's own tools take the same ten seconds.
MAX_GAP_SECONDS = 10.0
SMALLEST_STEP = 0.001


class FrameClock:
    """Turn the times of a container into seconds since the first frame, which only rise.

    Args:
        fps: Frames per second, for frames without a time and where a clock starts again.
        joined: Whether the container is of a kind that is cut and joined, so that its clock may
            jump ahead as well.
    """

    def __init__(self, fps: float, *, joined: bool = False) -> None:
        self.step = 1 / fps
        self.joined = joined
        self._offset: float | None = None  # the container's time of second 0
        self._last = 0.0

    def seconds(self, time: float | None) -> float:
        """Return the time of the next frame.

        Args:
            time: What the container notes, in seconds; None where it notes nothing.

        Returns:
            Seconds since the first frame, more than for the frame before.
        """
        if self._offset is None:
            self._offset = time or 0.0
            return 0.0
        if time is None:
            self._last += self.step
            return self._last
        seconds = time - self._offset
        ahead = seconds - self._last
        if ahead < -RESTART_FRAMES * self.step or (self.joined and ahead > MAX_GAP_SECONDS):
            seconds = self._last + self.step
            self._offset = time - seconds
        self._last = max(self._last + SMALLEST_STEP, seconds)
        return self._last
