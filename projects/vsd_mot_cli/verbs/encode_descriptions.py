r"""Check descriptions and store their text features.

vsd-mot encode-descriptions data/MOT17/train \
    --out data/MOT17/descriptions/train.npz --encoder type=CLIPTextEncoder model=ViT-B-32
vsd-mot encode-descriptions data/MOT17/train --check

Every sequence has a descriptions.json in its folder; docs/descriptions.md has the format. The
identities that it describes have to be in the sequence's gt/gt.txt, where there is one.
Without CLIP's weights: --encoder type=BagOfWordsEncoder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..settings import DictAction


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('folders', nargs='+', type=Path, help='sequences, or folders of them')
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument('--out', type=Path, help='file to write, .npz')
    what.add_argument('--check', action='store_true', help='validate, and write nothing')
    parser.add_argument(
        '--encoder',
        nargs='+',
        action=DictAction,
        default=dict(type='CLIPTextEncoder'),
        metavar='KEY=VALUE',
        help='config of the text encoder (default: CLIP ViT-B-32 of OpenAI)',
    )
