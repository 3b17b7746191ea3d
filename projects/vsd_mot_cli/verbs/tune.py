r"""Search thresholds and lifecycle of a tracker, by Optuna.

vsd-mot tune configs/bytetrack/CONFIG.py \
    --space configs/_base_/tuning/bytetrack.py \
    --data data/own=data/own/proposals/train.proposals \
    --data data/LQown=data/LQown/proposals/train.proposals --trials 50 --out tuned.json

Each --data is a folder of sequences and a file with the proposals of all of them
(make_proposals.py --score-thr 0.01). The best settings are printed as --cfg-options and written to
--out. Give every tracker that is compared the same --trials, and report on other sequences.
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT
from ..options import add_seed, pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config of a tracker')
    parser.add_argument('--space', required=True, help='config file with space=dict(...)')
    parser.add_argument(
        '--data',
        required=True,
        action='append',
        type=pair('ROOT=FILE.proposals'),
        metavar='ROOT=FILE.proposals',
        help='a set; may be given several times',
    )
    parser.add_argument('--trials', type=COUNT, default=50, metavar='N', help='(default: 50)')
    add_seed(parser, 'of the search')
    parser.add_argument('--out', metavar='FILE.json', help='write the outcome to this file, too')
