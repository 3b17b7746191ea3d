"""Make a synthetic tracking set with annotation files.

Into the folder go train/, val/ and annotations/. The defaults are the set that the tiny configs
use. A call that was interrupted is continued by calling again; the same seed gives the same bytes.

Example:
    vsd-mot synthesize data/synthetic --seed 0
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, COUNT_OR_ZERO, JPEG_QUALITY, Range, size
from ..options import add_seed, add_workers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'dst', help='new or empty folder, or an unfinished set of the same settings'
    )
    add_seed(parser, 'the same seed gives the same bytes')
    parser.add_argument('--train-sequences', type=COUNT_OR_ZERO, default=64, metavar='N')
    parser.add_argument('--val-sequences', type=COUNT_OR_ZERO, default=4, metavar='M')
    parser.add_argument('--frames', type=COUNT, default=60, help='frames per sequence')
    parser.add_argument(
        '--size', type=size, default=(384, 224), metavar='WxH', help='frame size in pixels'
    )
    parser.add_argument(
        '--people', type=COUNT, nargs=2, default=(5, 9),
        metavar=('MIN', 'MAX'), help='people in view at a time, about',
    )  # fmt: skip
    parser.add_argument(
        '--frame-rate', type=Range(int, 1, 1000), default=10,
        help='frames per second; the lower, the farther people get between frames',
    )  # fmt: skip
    parser.add_argument('--jpeg-quality', type=JPEG_QUALITY, default=92, help='1 to 100')
    parser.add_argument(
        '--label-maps', action='store_true', help='write which pixel shows whom, for HQTrack'
    )
    add_workers(parser, default=1, what='processes; the result does not depend on it')
