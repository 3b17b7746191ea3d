"""Errors that an operator can mend are said in one line, without a traceback."""

from __future__ import annotations

import functools
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

from tqdm import tqdm

from ..errors import TrackingError

EXIT_FAILURE = 1
EXIT_INTERRUPTED = 128 + signal.SIGINT
# Set to anything, it brings the traceback back.
SHOW_TRACEBACK = 'VSD_MOT_TRACEBACK'
_RAISED = re.compile(r'^[A-Za-z_][\w.]*(?:Error|Exception|Warning): ')
# What bad files, names, settings and a full machine are told by, ours and our hosts'.
MENDABLE = (TrackingError, OSError, ValueError, MemoryError, RecursionError)


Main = Callable[[Sequence[str] | None], int | None]
"""A command: its arguments, None for those of the process, to its exit status, None for 0."""


def one_line_errors(name: str, *errors: type[Exception]) -> Callable[[Main], Callable[..., int]]:
    """Make the decorator of a command's ``main``: the one wrapper of all tools.

    Args:
        name: What the line begins with.
        errors: What an operator of this command can mend beside ``MENDABLE``. Whatever else is
            raised may be a fault of ours: its line says where it arose, and how to see more.

    Returns:
        A decorator. The ``main`` it makes returns the exit status: that of the command (None is
        0), 1 after an error, 130 after Ctrl-C.
    """

    def decorate(main: Main) -> Callable[..., int]:
        @functools.wraps(main)
        def guarded(args: Sequence[str] | None = None) -> int:
            try:
                return main(args) or 0
            except KeyboardInterrupt:
                close_progress_bars()
                print(f'{name}: interrupted', file=sys.stderr)
                return EXIT_INTERRUPTED
            except Exception as error:
                close_progress_bars()
                if os.environ.get(SHOW_TRACEBACK):
                    traceback.print_exc()
                text = message(error)
                sentence = isinstance(error, KeyError) and not is_key(error)
                if not sentence and not isinstance(error, (*MENDABLE, *errors)):
                    text = f'{text} ({place(error)}; {SHOW_TRACEBACK}=1 shows the traceback)'
                print(f'{name}: {text}', file=sys.stderr)
                return EXIT_FAILURE

        return guarded

    return decorate


def close_progress_bars() -> None:
    """End the line of each progress bar that an error cut short."""
    for bar in list(getattr(tqdm, '_instances', ())):
        bar.close()


def message(error: BaseException) -> str:
    """Return what an error says, without the traceback that PyTorch's workers put into it."""
    text = str(error)
    if isinstance(error, KeyError) and error.args:  # its text is a quotation
        text = f'there is no {text}' if is_key(error) else str(error.args[0])
    if 'Original Traceback' in text:
        lines = [line for line in text.splitlines() if line.strip()]
        last = max((i for i, line in enumerate(lines) if _RAISED.match(line)), default=-1)
        text = _RAISED.sub('', '\n'.join(lines[last:]), count=1)
    if isinstance(error, MemoryError):
        return f'the memory of this machine is not enough: {text or "out of memory"}'
    if isinstance(error, RecursionError):
        return f'something is nested too deeply, or leads back to itself: {text}'
    if isinstance(error, TrackingError | OSError | ValueError) and text:
        return text
    return f'{type(error).__name__}: {text}' if text else type(error).__name__


def is_key(error: KeyError) -> bool:
    """Whether it holds just a key; those of the hosts' registries hold a sentence."""
    return not (error.args and isinstance(error.args[0], str) and ' ' in error.args[0])


def place(error: BaseException) -> str:
    """Return file and line where an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    return f'at {frames[-1].filename}:{frames[-1].lineno}' if frames else 'at an unknown place'
