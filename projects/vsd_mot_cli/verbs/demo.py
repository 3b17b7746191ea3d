"""Track the clip that comes with the package and score the result.

`make demo` runs it::

    vsd-mot demo --out results
    vsd-mot demo --pack data/SEQUENCE      # replace the clip by another sequence
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT
from ..options import add_device


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('--out', type=Path, default=Path('work_dirs/demo'), metavar='DIR')
    add_device(parser)
    parser.add_argument('--pack', type=Path, metavar='SEQUENCE', help='replace the clip')
    parser.add_argument('--frames', type=COUNT, metavar='N', help='with --pack: the first N frames')
