"""Stopping a program by Ctrl-C or SIGTERM so that its files are completed."""

from __future__ import annotations

import signal
from types import FrameType


class Stopped(BaseException):
    """Ctrl-C or SIGTERM; not an Exception, so that nothing on the way takes it for a failure.

    Args:
        number: Number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class StopOnSignal:
    """Turn the first Ctrl-C or SIGTERM into :class:`Stopped`; a second one kills the program.

    Attributes:
        closing: Set it once the files are being completed: the first signal is then not needed any
            more, and is passed over.
        received: Number of the signal that came, None as long as none did.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> StopOnSignal:
        self.closing = False
        self.received: int | None = None
        self.before = {number: signal.signal(number, self._stop) for number in self.SIGNALS}
        return self

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        for one in self.SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        self.received = number
        if not self.closing:
            raise Stopped(number)

    def __exit__(self, *_exception: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)
