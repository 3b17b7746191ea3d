"""Commands run as a user runs them, or read as they are read."""

import argparse
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[2]


PROGRAMS = Path(sys.executable).parent


def run(*command: str | Path) -> str:
    """Runs a program of this environment from the repository's root.

    Returns:
        What it printed.
    """
    result = subprocess.run(
        [PROGRAMS / command[0], *map(str, command[1:])],
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def environment() -> dict[str, str]:
    """Of a process that has no GPU and one thread."""
    path = f'{PROGRAMS}{os.pathsep}{os.environ["PATH"]}'
    return dict(os.environ, PATH=path, CUDA_VISIBLE_DEVICES='-1', OMP_NUM_THREADS='1')


def load(tool: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> ModuleType:
    """A command, with its command line set."""
    module = importlib.import_module(f'vsd_mot.commands.{tool}')
    monkeypatch.setattr(sys, 'argv', [tool, *arguments])
    return module


def parse(tool: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> argparse.Namespace:
    """Reads a command line as a tool does."""
    return load(tool, monkeypatch, *arguments).parse_args()


def assert_line(text: str, name: str, *messages: str) -> None:
    """The last line begins with the tool's name and says what is wrong; there is no traceback."""
    assert 'Traceback' not in text
    start = text.rindex(f'{name}: ')
    for message in messages:
        assert re.search(message, text[start:]), text
