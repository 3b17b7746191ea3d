r"""Check the diagnosis on videos with one known fault each, made from good ones.

vsd-mot check-diagnosis data/MOT17-09 data/TUD-Stadtmitte \
    --natural 'low frame rate'
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('inputs', nargs='+', help='good videos, or folders of images')
    parser.add_argument('--frames', type=COUNT, default=60, help='of each video')
    parser.add_argument(
        '--natural', nargs='+', default=[], help='faults that they have by themselves'
    )
