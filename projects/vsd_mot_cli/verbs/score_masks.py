"""Score label maps: J&F and MOTS scores.

vsd-mot score-masks data/synthetic-masks --results work_dirs/masks
vsd-mot score-masks data/synthetic-masks --baseline
vsd-mot score-masks data/synthetic-masks --baseline --boxes results

A results folder has ``NAME/000001.png``. The baseline needs no model: it pastes each object's first
mask into its box in every frame; without ``--boxes`` into the true one, which is more than a
tracker can know.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT_OR_ZERO


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('data', help='folder of the set')
    parser.add_argument('--layout', default='mots', help='davis, youtube_vos or mots')
    parser.add_argument('--split', default='val')
    parser.add_argument(
        '--min-pixels', type=COUNT_OR_ZERO, default=100, metavar='N',
        help='an object counts from the frame in which it first has so many pixels',
    )  # fmt: skip
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument('--results', type=Path, metavar='DIR', help='label maps, NAME/000001.png')
    what.add_argument('--baseline', action='store_true', help='first masks, pasted into boxes')
    parser.add_argument(
        '--boxes', type=Path, metavar='DIR', help="a tracker's boxes for it, NAME.txt"
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if options.boxes and not options.baseline:
        parser.error('--boxes are those of the baseline: give --baseline, too')
