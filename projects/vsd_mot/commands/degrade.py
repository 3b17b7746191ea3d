"""Make a low-quality copy of a MOTChallenge-layout set by the Real-ESRGAN degradation.

Examples::

    # LQDanceTrack: SRC holds train/ and val/
    python tools/dataset_converters/make_lq.py data/DanceTrack data/LQDanceTrack \
        --recipe lqdancetrack
    # LQMOT: SRC holds MOT17/train/ and MOT20/train/
    python tools/dataset_converters/make_lq.py data data/LQMOT --recipe lqmot
    # a set as cheap network cameras would have recorded it, frames that they lose left out
    python tools/dataset_converters/make_lq.py SRC DST --profile low-bitrate
    # any set, two thirds of its sequences, shared by four machines (this is the second)
    python tools/dataset_converters/make_lq.py SRC DST --fraction 2/3 --shard 2/4

A command that was interrupted is continued by repeating it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from ..degradation import DegradationSettings, Fluctuation
from ..degradation.corruptions import PROFILES, SEVERITIES
from ..degradation.lq_build import LQBuilder
from ..degradation.lq_plan import LQPlan, lose_frames, parse_fraction, parse_shard, plan_part
from ..degradation.recipes import RECIPES, Part
from ..engine.configs import load_config
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('src', type=Path, help='the set, sequences being folders with img1')
    parser.add_argument('dst', type=Path, help='the new set; must not overlap SRC')
    parser.add_argument(
        '--recipe', choices=sorted(RECIPES), help='the splits and fractions of the paper'
    )
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
    parser.add_argument('--seed', type=int, default=0, help='default 0')
    parser.add_argument(
        '--quality', type=int, default=95, help='JPEG quality where none is degraded to'
    )
    parser.add_argument(
        '--settings',
        type=Path,
        help='settings=dict(...) and fluctuation=dict(...) in JSON or YAML, which are data, or in '
        'Python, which is run',
    )
    parser.add_argument(
        '--profile', choices=sorted(PROFILES), help='a kind of camera, in place of Real-ESRGAN'
    )
    parser.add_argument(
        '--severity', type=int, choices=SEVERITIES, default=3, help='of the profile (default: 3)'
    )
    parser.add_argument('--shard', default='1/1', help='i/n: this machine makes the i-th part')
    parser.add_argument('--workers', type=int, default=os.cpu_count(), help='default: all cores')
    parser.add_argument(
        '--verify-only', action='store_true', help='only check (and repair) a finished set'
    )
    options = parser.parse_args(args)
    if options.recipe and (options.fraction or options.sequences):
        parser.error('--recipe names the sequences and fractions; drop the other options')
    if options.profile and options.settings:
        parser.error('--settings are of Real-ESRGAN; drop them, or --profile')
    return options


def make_plan(options: argparse.Namespace) -> LQPlan:
    """Return the plan of a command line.

    Raises:
        FileNotFoundError: If SRC holds no sequences.
        ValueError: If an option is out of range.
    """
    parts: tuple[Part, ...]
    if options.recipe:
        parts = RECIPES[options.recipe]
    else:
        fraction = parse_fraction(options.fraction) if options.fraction else Fraction(1)
        names = tuple(options.sequences) if options.sequences else None
        parts = (Part(('.',), '.', fraction, names),)
    config = load_config(options.settings) if options.settings else {}
    unknown = set(config) - {'settings', 'fluctuation'}
    if unknown:
        raise ValueError(
            f'{options.settings} may hold settings and fluctuation, not {sorted(unknown)}'
        )
    sequences = []
    for part in parts:
        rest = options.rest != 'skip'
        sequences += plan_part(options.src, options.dst, part, seed=options.seed, rest=rest)
    if options.profile:
        sequences = [
            lose_frames(one, options.profile, severity=options.severity, seed=options.seed)
            for one in sequences
        ]
    return LQPlan(
        options.dst,
        tuple(sorted(sequences, key=lambda sequence: sequence.target.as_posix())),
        options.seed,
        options.quality,
        DegradationSettings.from_dict(config.get('settings')),
        Fluctuation.from_dict(config.get('fluctuation')),
        profile=options.profile,
        severity=options.severity,
    )


@one_line_errors('make_lq', OSError, ValueError, RuntimeError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    plan, shard = make_plan(options), parse_shard(options.shard)
    with LQBuilder(plan, workers=options.workers, shard=shard, rest=options.rest) as builder:
        if options.verify_only:
            builder.verify()
            print(f'{options.dst} is complete and every image is whole')
            return
        start = time.perf_counter()
        report = builder.build()
    seconds = time.perf_counter() - start
    print(
        f'{report["made"]} frames degraded in {seconds:.1f} s '
        f'({report["made"] / seconds:.1f} frames/s), {report["kept"]} were there'
    )
    if report['missing']:
        print(
            f'{report["missing"]} frames of other shards are missing; the last shard to finish '
            '(or --verify-only) completes the set'
        )
    else:
        print(f'{options.dst} is complete and verified')
