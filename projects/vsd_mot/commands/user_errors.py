"""Errors that an operator can mend are said in one line, without a traceback."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable

from ..errors import TrackingError

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 128 + signal.SIGINT


def one_line_errors(
    name: str, *errors: type[Exception]
) -> Callable[[Callable[..., int | None]], Callable[..., int]]:
    """Make the decorator of a command's ``main``.

    Args:
        name: What the line begins with.
        errors: What is said in a line beside :class:`TrackingError` and ``FileNotFoundError``.
            Whatever else is raised is a fault of ours, and keeps its traceback.

    Returns:
        A decorator. The ``main`` it makes returns the exit status: that of the command (None is
        0), 1 after an error, 130 after Ctrl-C.
    """

    def decorate(main: Callable[..., int | None]) -> Callable[..., int]:
        @functools.wraps(main)
        def guarded(*args: object, **kwargs: object) -> int:
            try:
                return main(*args, **kwargs) or 0
            except (TrackingError, FileNotFoundError, *errors) as error:
                print(f'{name}: {error}', file=sys.stderr)
                return EXIT_FAILURE
            except KeyboardInterrupt:
                print(f'{name}: interrupted', file=sys.stderr)
                return EXIT_INTERRUPTED

        return guarded

    return decorate
