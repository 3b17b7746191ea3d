"""What the command lines have in common."""

from __future__ import annotations

import argparse

from ..engine.launch import DictAction


def command_parser(description: str | None) -> argparse.ArgumentParser:
    """Make the parser of a command.

    Args:
        description: The docstring of the command's module, whose lines stay as they are.
    """
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_cfg_options(
    parser: argparse.ArgumentParser, what: str = 'settings that override the config'
) -> None:
    """Add `--cfg-options`, as the commands of OpenMMLab have it.

    Args:
        parser: Receives it; `cfg_options` becomes a dictionary, or None.
        what: Its help.
    """
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, metavar='KEY=VALUE', help=what
    )
