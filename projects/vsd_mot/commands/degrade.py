"""Make a low-quality copy of a MOTChallenge-layout set by the Real-ESRGAN degradation."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from fractions import Fraction

from vsd_mot_cli import parser_of

from ..degradation import DegradationSettings, Fluctuation
from ..degradation.lq_build import LQBuilder
from ..degradation.lq_plan import LQPlan, lose_frames, parse_fraction, parse_shard, plan_part
from ..degradation.recipes import RECIPES, Part
from ..engine.configs import load_config
from .user_errors import one_line_errors

parse_args = parser_of('degrade')


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
    workers = options.workers or os.cpu_count() or 1
    with LQBuilder(plan, workers=workers, shard=shard, rest=options.rest) as builder:
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
