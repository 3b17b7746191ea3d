"""Train a model.

vsd-mot train configs/motrv2/CONFIG.py --out work_dirs/first
mim train vsd_mot configs/motrv2/CONFIG.py --gpus 0
torchrun --nproc_per_node=2 tools/train.py configs/motrv2/CONFIG.py --launcher pytorch
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT_OR_ZERO
from ..options import add_device, add_seed, add_training_and_testing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='go on from this checkpoint, or from the last one in the work folder',
    )
    parser.add_argument('--amp', action='store_true', help='train in mixed precision')
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help="scale the learning rate from the config's batch size to the one of this training",
    )
    add_device(parser)
    add_seed(parser, "in place of the config's randomness.seed", default=None)
    parser.add_argument(
        '--gpus', type=COUNT_OR_ZERO, help='0: leave GPUs alone; above 1: see --launcher'
    )
    add_training_and_testing(parser, '--out', '--work-dir')
