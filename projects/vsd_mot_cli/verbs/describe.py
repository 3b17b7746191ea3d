"""Describe sequences in descriptions.json, by CLIP.

Only those that nobody has described, from their ground-truth boxes.

vsd-mot describe data/own/train --describer model=ViT-B-32

This is ours, not LG-MOT's pipeline; the files say so under "source". Sequences that have
descriptions are left alone. What comes out should be looked at, and may be corrected by hand.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..numbers import COUNT
from ..settings import DictAction


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('folders', nargs='+', type=Path, help='sequences, or folders of them')
    parser.add_argument(
        '--describer', nargs='+', action=DictAction, default={}, metavar='KEY=VALUE'
    )
    parser.add_argument('--crops', type=COUNT, default=4, help='pictures of each person')
    parser.add_argument('--frames', type=COUNT, default=4, help='pictures of each scene')
