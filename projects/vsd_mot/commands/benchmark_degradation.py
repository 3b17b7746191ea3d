"""Measure the degradation against its straightforward torch form."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict

from vsd_mot_cli import parser_of

from ..evaluation.benchmark.degradation import compare_degradation
from .user_errors import one_line_errors

parse_args = parser_of('benchmark_degradation')


@one_line_errors('benchmark_degradation')
def main(args: Sequence[str] | None = None) -> None:
    """Run the measurement and print it, in words and as JSON."""
    options = parse_args(args)
    cores = options.workers or os.cpu_count() or 1
    times = compare_degradation(tuple(options.size), options.videos, cores)
    print(
        f'{times.size[0]} x {times.size[1]}, {times.cores} cores, {times.frames} cameras: '
        f'reference {times.reference_seconds:.3f} s/frame, ours {times.ours_seconds:.3f} s/frame '
        f'({1 / times.ours_seconds:.1f} frames/s), {times.speedup:.1f} times as fast'
    )
    print(json.dumps(asdict(times)))
