"""Measure CPU time and memory of HQTrack, ours and as published.

vsd-mot benchmark-masks --size 481 849 --runs 3

Time is that of this process's own computing, so that other work on the machine disturbs it less.
Peak memory is measured in a process of its own for each form.
"""

from __future__ import annotations

import argparse

from ..names import MASK_FORMS
from ..numbers import COUNT, PIXELS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('--config', default='_base_/models/hqtrack_intern-t.py')
    parser.add_argument('--size', type=PIXELS, nargs=2, default=(481, 849), metavar=('H', 'W'))
    parser.add_argument('--runs', type=COUNT, default=3, metavar='N')
    parser.add_argument('--memory-of', choices=MASK_FORMS, help=argparse.SUPPRESS)
