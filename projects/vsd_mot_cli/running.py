"""Run a command: first its arguments are read, only then what does the work is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from .parsing import parser_of, verb_module

INTERRUPTED = 130


def run(name: str, args: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Run a command.

    Args:
        name: Of its module.
        args: Its arguments; None takes those of the process.
        prog: What its help calls it; None takes the name of the process.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv[1:] if args is None else args)
    # --help and mistakes end here, before seconds are spent on importing PyTorch.
    options = parser_of(name)(arguments, prog)
    light = getattr(verb_module(name), 'work', None)
    if light is not None:
        return light(options)
    yield_busy_cores()
    try:
        with imports_uncollected():
            command = import_module(f'vsd_mot.commands.{name}')
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        print(
            f'vsd-mot {name}: the Python module {error.name} is missing. docs/installation.md has '
            'the lines that install all that is needed; `vsd-mot env` lists what is here',
            file=sys.stderr,
        )
        return 1
    return command.main(arguments)


def yield_busy_cores() -> None:
    """Let PyTorch's threads, which wait for each other after every layer, wait without spinning.

    A thread that has to wait keeps its core from the one that it waits for when another program
    wants a core too: with one busy program beside it on two cores, tracking takes twice as long
    (docs/speed.md). GNU's OpenMP reads the variable when it is loaded; what the user has set stays.
    """
    if 'OMP_WAIT_POLICY' not in os.environ:
        os.environ.setdefault('GOMP_SPINCOUNT', '1000')


@contextmanager
def imports_uncollected() -> Iterator[None]:
    """Spare the collector what is imported, which lives as long as the process.

    Looking through half a million objects of PyTorch and its hosts for cycles, while they are
    imported and once more at the end, takes a third of the time of a short command.
    """
    if 'vsd_mot' in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
