r"""Store an appearance vector for every proposal of a set.

vsd-mot appearance configs/lg_mot/CONFIG.py \
    --data-root data/synthetic --proposals proposals/train.proposals

The encoder is `model.appearance` of the config, or what --encoder says in its place:

    --encoder type=ReIDResNetIBN checkpoint=msmt_bot_R50-ibn.pth

The file goes beside the proposals (train.appearance) unless --out names another. A run that was
killed goes on where it stopped when it is called again with the same encoder.
"""

from __future__ import annotations

import argparse

from ..options import add_device
from ..settings import DictAction


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config of a tracker with an appearance encoder')
    parser.add_argument('--data-root', required=True, help='folder that file names are relative to')
    parser.add_argument(
        '--img-prefix', default='', help='folder below the data root that frames are relative to'
    )
    parser.add_argument(
        '--proposals', required=True, help='proposal file, relative to the data root or not'
    )
    parser.add_argument('--out', help='appearance file to write')
    parser.add_argument(
        '--encoder', nargs='+', action=DictAction, metavar='KEY=VALUE', help='config of the encoder'
    )
    add_device(parser)
