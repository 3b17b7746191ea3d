"""Print what is installed here: versions, GPUs, extras.

Put it into a report of a fault::

    vsd-mot env
"""

from __future__ import annotations

import argparse

from ..environment import describe_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command: none."""


def work(options: argparse.Namespace) -> int:
    """Print it. PyTorch alone is imported, so that a broken installation can be described."""
    print(describe_environment())
    return 0
