"""Packages that only some commands need, by the extra of `pyproject.toml` that brings them."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import TrackingError


class MissingExtraError(TrackingError, ImportError):
    """A package that is not installed; the message has the line that installs it."""


def needed(module: str, *, extra: str, by: str, install: str | None = None) -> ModuleType:
    """Import a module of an optional package.

    Args:
        module: Its name.
        extra: The extra that brings it, without brackets.
        by: What needs it, for the message.
        install: The line that installs it, where the extra's own would bring too much.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        line = install or f"pip install 'vsd_mot[{extra}]'"
        raise MissingExtraError(
            f'{by} needs the package {module.partition(".")[0]}: {line} ({error})'
        ) from error
