"""CPU time and memory of LG-MOT's association, by the number of people and of frames.

python tools/analysis_tools/benchmark_graphs.py configs/lg_mot/CONFIG.py --people 10 60
python tools/analysis_tools/benchmark_graphs.py configs/lg_mot/CONFIG.py --frames 3000 30000

People move evenly through 1920 x 1080 and are detected in nine of ten frames; detector and
appearance encoder are not part of it. The network runs with random weights, so that its cost
counts, and the right edges are taken in its place. Each row is a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Sequence

import torch

from ..evaluation.benchmark.graphs import measure_association
from ..evaluation.benchmark.meter import peak_memory
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='of an LG-MOT')
    parser.add_argument('--people', type=int, nargs='+', default=[10], metavar='N')
    parser.add_argument('--frames', type=int, nargs='+', default=[300], metavar='N')
    return parser.parse_args(args)


@one_line_errors('benchmark_graphs')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    torch.set_num_threads(1)
    print(f'{peak_memory("cpu"):.0f} MiB before the first frame')
    print('people frames  CPU ms a frame  peak MiB  tracks')
    forked = multiprocessing.get_context('fork')
    for people in options.people:
        for frames in options.frames:
            with forked.Pool(1) as pool:
                spent, peak, tracks = pool.apply(
                    measure_association, (options.config, people, frames)
                )
            print(f'{people:6} {frames:6} {spent:15.1f} {peak:9.0f} {tracks:7}', flush=True)
