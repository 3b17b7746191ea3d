r"""Make a low-quality copy of a set in MOTChallenge layout.

Examples::

    # LQDanceTrack: SRC holds train/ and val/
    vsd-mot degrade data/DanceTrack data/LQDanceTrack \
        --recipe lqdancetrack
    # LQMOT: SRC holds MOT17/train/ and MOT20/train/
    vsd-mot degrade data data/LQMOT --recipe lqmot
    # a set as cheap network cameras would have recorded it, frames that they lose left out
    vsd-mot degrade SRC DST --profile low-bitrate
    # any set, two thirds of its sequences, shared by four machines (this is the second)
    vsd-mot degrade SRC DST --fraction 2/3 --shard 2/4

A command that was interrupted is continued by repeating it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..names import PROFILES, RECIPES, SEVERITIES
from ..numbers import JPEG_QUALITY
from ..options import add_seed, add_workers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument('src', type=Path, help='the set, sequences being folders with img1')
    parser.add_argument('dst', type=Path, help='the new set; must not overlap SRC')
    parser.add_argument('--recipe', choices=RECIPES, help='the splits and fractions of the paper')
    parser.add_argument(
        '--fraction', help="share of the sequences to degrade: 'all' (default), 2/3, 0.5"
    )
    parser.add_argument(
        '--sequences', nargs='+', metavar='GLOB', help='take only these, as "MOT17-*-FRCNN"'
    )
    parser.add_argument(
        '--rest',
        choices=('skip', 'copy', 'link'),
        default='skip',
        help='what becomes of the sequences that are not degraded (default: skip)',
    )
    add_seed(parser, 'another one degrades otherwise')
    parser.add_argument(
        '--quality', type=JPEG_QUALITY, default=95, help='JPEG quality where none is degraded to'
    )
    parser.add_argument(
        '--settings',
        type=Path,
        help='settings=dict(...) and fluctuation=dict(...) in JSON or YAML, which are data, or in '
        'Python, which is run',
    )
    parser.add_argument(
        '--profile', choices=PROFILES, help='a kind of camera, in place of Real-ESRGAN'
    )
    parser.add_argument(
        '--severity', type=int, choices=SEVERITIES, default=3, help='of the profile (default: 3)'
    )
    parser.add_argument('--shard', default='1/1', help='i/n: this machine makes the i-th part')
    add_workers(parser, default=None)
    parser.add_argument(
        '--verify-only', action='store_true', help='only check (and repair) a finished set'
    )


def check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program where options do not go together."""
    if options.recipe and (options.fraction or options.sequences):
        parser.error('--recipe names the sequences and fractions; drop the other options')
    if options.profile and options.settings:
        parser.error('--settings are of Real-ESRGAN; drop them, or --profile')
