"""Measure what it gains that damaged frames are named.

vsd-mot benchmark-damage data/MOT17-09 data/TUD-Stadtmitte
vsd-mot benchmark-damage data/MOT17-09 CONFIG.py CHECKPOINT.pth --damages blank frozen

Every three seconds of each sequence, 0.6 s are damaged. Each copy is tracked twice: with every
frame taken for a whole one, and with damage named and answered, as `vsd-mot track` does it. All
rows that count are scored alike, whatever the set.
"""

from __future__ import annotations

import argparse

from ..inputs import split_model
from ..names import DAMAGES
from ..numbers import COUNT
from ..options import add_cfg_option, add_device


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        'sequences',
        nargs='+',
        metavar='SEQUENCE ... [CONFIG [CHECKPOINT]]',
        help='folders with img1 and gt/gt.txt; then a config and weights (default: those for '
        'people)',
    )
    parser.add_argument(
        '--damages',
        nargs='+',
        choices=DAMAGES,
        default=DAMAGES,
        metavar='DAMAGE',
        help=f'{", ".join(DAMAGES)}: the sequences as they are, and one after the other as one '
        'video are none and cut (default: all)',
    )
    parser.add_argument(
        '--max-frames', type=COUNT, default=300, metavar='N', help='of each (default: 300)'
    )
    add_device(parser)
    add_cfg_option(parser)


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Take sequences and model apart; end the program where options do not go together."""
    try:
        options.sequences, options.config, options.checkpoint = split_model(options.sequences)
    except ValueError as error:
        parser.error(str(error))
    if options.damages != DAMAGES and 'cut' in options.damages and len(options.sequences) < 2:
        parser.error('--damages cut needs two sequences')
