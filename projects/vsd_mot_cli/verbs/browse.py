r"""Look at a data set: boxes, proposals, degraded beside clean, frame quality.

SET is a folder in MOTChallenge layout, or a config, whose training clips are then shown as they
come out of the pipeline. Writes into --out: ``samples.jpg``; with --beside or --degrade
``beside.jpg``; ``quality.png`` and ``quality.csv``; from a config ``clips.jpg``.

Examples::

    vsd-mot browse data/MOT17/train --sequences '*-FRCNN' \
        --beside data/LQMOT/train --proposals data/MOT/proposals/train.proposals --out look
    vsd-mot browse configs/motrv2/A.py --out look
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT, JPEG_QUALITY, SEED, SHARE, Range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('set', type=Path, help='folder in MOTChallenge layout, or config (.py)')
    parser.add_argument('--out', '--out-dir', type=Path, default=Path('browse'), metavar='DIR')
    parser.add_argument('--sequences', default='*', metavar='GLOB', help='show only these')
    other = parser.add_mutually_exclusive_group()
    other.add_argument('--beside', type=Path, help='folder of the degraded copy of SET')
    other.add_argument('--degrade', type=SEED, metavar='SEED', help='degrade here, as make_lq does')
    parser.add_argument('--proposals', type=Path, help='proposal file of SET')
    parser.add_argument(
        '--min-score', type=SHARE, default=0.05, help='of the proposals that are drawn'
    )
    parser.add_argument('--columns', type=COUNT, default=5, help='frames (clips) shown in a row')
    parser.add_argument('--clips', type=COUNT, default=4, help='clips shown of a config')
    parser.add_argument('--every', type=COUNT, default=1, help='rate every n-th frame')
    parser.add_argument(
        '--width', type=Range(int, 64, 20_000), default=1600, help='of the sheets, in pixels'
    )
    parser.add_argument('--jpeg-quality', type=JPEG_QUALITY, default=88, help='of the sheets')
