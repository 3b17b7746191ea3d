"""Test a checkpoint on the test set of its config.

vsd-mot test configs/motrv2/CONFIG.py work_dirs/first/epoch_1.pth
mim test vsd_mot configs/motrv2/CONFIG.py --checkpoint work_dirs/first/epoch_1.pth
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..options import add_backend, add_device, add_training_and_testing, check_backend


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', nargs='?', help='checkpoint file')
    parser.add_argument('--checkpoint', dest='checkpoint_option', help='checkpoint file')
    parser.add_argument('--out', metavar='FILE.json', help='write the metrics to this file, too')
    add_device(parser)
    add_backend(parser)
    add_training_and_testing(parser, '--work-dir')


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if options.checkpoint and options.checkpoint_option:
        parser.error('the checkpoint is given twice')
    options.checkpoint = options.checkpoint or options.checkpoint_option
    check_backend(parser, options)
    if options.out and Path(options.out).suffix != '.json':
        parser.error(f'--out {options.out}: the metrics are written as JSON, name it FILE.json')
