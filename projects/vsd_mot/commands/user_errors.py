"""Errors that an operator can mend are said in one line, without a traceback."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Sequence

from ..errors import TrackingError

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 128 + signal.SIGINT

Main = Callable[[Sequence[str] | None], int | None]
"""A command: its arguments, None for those of the process, to its exit status, None for 0."""


def one_line_errors(name: str, *errors: type[Exception]) -> Callable[[Main], Callable[..., int]]:
    """Make the decorator of a command's ``main``.

    Args:
        name: What the line begins with.
        errors: What is said in a line beside :class:`TrackingError` and ``FileNotFoundError``.
            Whatever else is raised is a fault of ours, and keeps its traceback.

    Returns:
        A decorator. The ``main`` it makes returns the exit status: that of the command (None is
        0), 1 after an error, 130 after Ctrl-C.
    """

    expected: tuple[type[Exception], ...] = (TrackingError, FileNotFoundError, *errors)

    def decorate(main: Main) -> Callable[..., int]:
        @functools.wraps(main)
        def guarded(args: Sequence[str] | None = None) -> int:
            try:
                return main(args) or 0
            except expected as error:
                print(f'{name}: {error}', file=sys.stderr)
                return EXIT_FAILURE
            except KeyboardInterrupt:
                print(f'{name}: interrupted', file=sys.stderr)
                return EXIT_INTERRUPTED

        return guarded

    return decorate
