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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('set', type=Path, help='folder in MOTChallenge layout, or config (.py)')
    parser.add_argument('--out', '--out-dir', type=Path, default=Path('browse'), metavar='DIR')
    parser.add_argument('--sequences', default='*', metavar='GLOB', help='show only these')
    other = parser.add_mutually_exclusive_group()
    other.add_argument('--beside', type=Path, help='folder of the degraded copy of SET')
    other.add_argument('--degrade', type=int, metavar='SEED', help='degrade here, as make_lq does')
    parser.add_argument('--proposals', type=Path, help='proposal file of SET')
    parser.add_argument(
        '--min-score', type=float, default=0.05, help='of the proposals that are drawn'
    )
    parser.add_argument('--columns', type=int, default=5, help='frames (clips) shown in a row')
    parser.add_argument('--clips', type=int, default=4, help='clips shown of a config')
    parser.add_argument('--every', type=int, default=1, help='rate every n-th frame')
    parser.add_argument('--width', type=int, default=1600, help='of the sheets, in pixels')
    parser.add_argument('--jpeg-quality', type=int, default=88, help='of the sheets')


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if min(options.columns, options.clips, options.every) < 1:
        parser.error('--columns, --clips and --every must be at least 1')
    if not 64 <= options.width <= 20_000:
        parser.error('--width is 64 to 20000 pixels')
    if not 1 <= options.jpeg_quality <= 100:
        parser.error('--jpeg-quality is 1 to 100')
    if not 0 <= options.min_score <= 1:
        parser.error('--min-score is 0 to 1')
