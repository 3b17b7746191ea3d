r"""Run a detector over a set and store its boxes as proposals.

vsd-mot proposals configs/detector/CONFIG.py CHECKPOINT.pth \
    --data-root data/MOT17 --ann-file annotations/train.json \
    --out data/MOT17/proposals/train.proposals
torchrun --nproc_per_node=8 tools/dataset_converters/make_proposals.py ... --launcher pytorch

Without --ann-file all frames of the sequences below --data-root are taken. A run that was killed
goes on where it stopped when it is called again; what was made with other settings, weights or
another config is never mixed in. Frames that cannot be read are listed at the end.
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT, COUNT_OR_ZERO, SHARE
from ..options import add_cfg_option, add_device, add_launcher, add_workers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config of the detector')
    parser.add_argument('checkpoint', help='weights of the detector')
    parser.add_argument('--data-root', required=True, help='folder that file names are relative to')
    parser.add_argument('--ann-file', help='annotation JSON, relative to the data root or not')
    parser.add_argument(
        '--img-prefix', default='', help='folder below the data root that file_name is relative to'
    )
    parser.add_argument('--out', required=True, help='proposal file to write')
    parser.add_argument('--score-thr', type=SHARE, default=0.05, help='keep boxes above it')
    parser.add_argument(
        '--labels',
        type=COUNT_OR_ZERO,
        nargs='+',
        default=[0],
        help='classes of the detector to keep',
    )
    parser.add_argument('--batch-size', type=COUNT, default=8)
    add_workers(parser, default=2, least=0, what='processes that load images')
    add_device(parser)
    add_cfg_option(parser)
    add_launcher(parser, 'pytorch')
