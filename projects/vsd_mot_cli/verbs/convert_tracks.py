"""Convert results or ground truth from one format into another.

MOTChallenge, COCO and CVAT are read; docs/formats.md has a line for each format.

Examples:
    vsd-mot convert tracks results/street.json street.xml               # for CVAT
    vsd-mot convert tracks annotations.xml data/own/street --to mot-gt  # from CVAT, to train
    vsd-mot convert tracks data/own/street street.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..names import FORMATS, READ_FORMATS
from ..numbers import FRAME_RATE, PIXELS

ENDINGS = {'.txt': 'mot', '.json': 'coco', '.xml': 'cvat', '.csv': 'csv', '.parquet': 'parquet'}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'source', help='text file or sequence folder of MOTChallenge, COCO .json, or CVAT .xml'
    )
    parser.add_argument('out', help='file or folder to write; it must not be there yet')
    parser.add_argument(
        '--to', choices=FORMATS, metavar='FORMAT',
        help=f'{", ".join(FORMATS)} (default: by the ending of OUT)',
    )  # fmt: skip
    parser.add_argument(
        '--from', dest='kind', choices=READ_FORMATS, metavar='FORMAT',
        help=f'{", ".join(READ_FORMATS)} (default: by the name of SOURCE)',
    )  # fmt: skip
    parser.add_argument('--video', metavar='NAME', help='which one, where SOURCE has several')
    parser.add_argument(
        '--fps', type=FRAME_RATE, help='frames per second, where SOURCE does not say'
    )
    parser.add_argument(
        '--size', nargs=2, type=PIXELS, metavar=('WIDTH', 'HEIGHT'),
        help='of the pictures in pixels, where SOURCE does not say',
    )  # fmt: skip


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    options.to = options.to or ENDINGS.get(Path(options.out).suffix.lower())
    if options.to is None:
        parser.error(f'{options.out}: which format? Give --to, one of {", ".join(FORMATS)}')
