"""Time and memory of LG-MOT's association, by the number of people and frames.

vsd-mot benchmark-graphs configs/lg_mot/CONFIG.py --people 10 60
vsd-mot benchmark-graphs configs/lg_mot/CONFIG.py --frames 3000 30000

People move evenly through 1920 x 1080 and are detected in nine of ten frames; detector and
appearance encoder are not part of it. The network runs with random weights, so that its cost
counts, and the right edges are taken in its place. Each row is a process of its own.
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='of an LG-MOT')
    parser.add_argument('--people', type=COUNT, nargs='+', default=[10], metavar='N')
    parser.add_argument('--frames', type=COUNT, nargs='+', default=[300], metavar='N')
