r"""Fit the numbers of the frame quality, and check them on other cameras.

vsd-mot fit-quality data/MOT17-02 data/MOT17-04 photographs/ \
    --held-out data/MOT17-09 data/TUD-Stadtmitte --out quality_fit.json

Each folder of images gives evenly spread frames; nine degradations are applied to each, in steps
and one after another. Printed is the share of steps that lower the quality.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT, SEED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('folders', nargs='+', type=Path, help='sequences or folders to fit on')
    parser.add_argument(
        '--held-out', nargs='+', type=Path, default=[], help='the same, to check on'
    )
    parser.add_argument('--frames', type=COUNT, default=5, help='of each folder to fit on')
    parser.add_argument('--held-out-frames', type=COUNT, default=2, help='of each to check on')
    parser.add_argument('--check', type=Path, help='check a file of numbers instead of fitting')
    parser.add_argument('--out', type=Path, default=Path('quality_fit.json'))
    parser.add_argument('--seed', type=SEED, default=0)
