r"""Measure how many objects of a set its proposals cover.

vsd-mot proposal-recall data/synthetic/proposals/val.proposals \
    data/synthetic/annotations/val.json
"""

from __future__ import annotations

import argparse

from ..numbers import SHARE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('proposals', help='proposal file')
    parser.add_argument('ann_file', help='annotation JSON with the same file names')
    parser.add_argument('--classes', nargs='+', default=['pedestrian'])
    parser.add_argument(
        '--score-thr', type=SHARE, nargs='+', default=[0.05, 0.5], help='one or several thresholds'
    )
    parser.add_argument('--iou-thr', type=SHARE, default=0.5)
    parser.add_argument(
        '--min-visibility', type=SHARE, default=0.0, help='objects less visible do not count'
    )
    parser.add_argument(
        '--out', '--json', dest='json', metavar='FILE.json', help='write the numbers here, too'
    )
