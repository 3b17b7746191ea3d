"""Compute a teacher's features of all frames of a training, once.

vsd-mot cache-teacher configs/vsd_mot/CONFIG.py --workers 4

The config names the teacher (model.semantics.distillation.teacher), the store
(model.semantics.distillation.store, or --out here) and, by LoadTeacherView in the pipelines, what
the teacher sees. Frames whose features are in the store are left alone, so a run that was killed
goes on where it stopped; training then reads them, and computes what is still missing by itself.
"""

from __future__ import annotations

import argparse

from ..numbers import COUNT
from ..options import add_cfg_option, add_device, add_workers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('config', help='training config with a distillation')
    parser.add_argument(
        '--out', '--store', dest='store', metavar='DIR', help="store, in place of the config's"
    )
    add_workers(parser, default=1)
    parser.add_argument('--batch-size', type=COUNT, default=16, help='images at once in a process')
    add_device(parser)
    add_cfg_option(parser)
