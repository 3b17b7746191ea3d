"""Measure the degradation against its straightforward torch form.

The reference is what one would write first: every kernel as a padded 21 x 21 convolution, torch's
interpolation, ``torch.randn`` and ``torch.poisson``, and a differentiable-JPEG-like compression by
a dense 64 x 64 DCT matrix. Both get the same parameters and the same frames.

Example::

    python tools/analysis_tools/benchmark_degradation.py --size 1920 1080 --videos 20
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict

from ..evaluation.benchmark.degradation import compare_degradation
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('--size', type=int, nargs=2, default=(1920, 1080), metavar=('W', 'H'))
    parser.add_argument('--videos', type=int, default=20, help='cameras, one frame of each')
    parser.add_argument('--cores', type=int, default=os.cpu_count())
    return parser.parse_args(args)


@one_line_errors('benchmark_degradation')
def main(args: Sequence[str] | None = None) -> None:
    """Run the measurement and print it, in words and as JSON."""
    options = parse_args(args)
    times = compare_degradation(tuple(options.size), options.videos, options.cores)
    print(
        f'{times.size[0]} x {times.size[1]}, {times.cores} cores, {times.frames} cameras: '
        f'reference {times.reference_seconds:.3f} s/frame, ours {times.ours_seconds:.3f} s/frame '
        f'({1 / times.ours_seconds:.1f} frames/s), {times.speedup:.1f} times as fast'
    )
    print(json.dumps(asdict(times)))
