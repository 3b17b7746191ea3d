"""CPU time and memory of LG-MOT's association, by the number of people and of frames."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence

import torch

from vsd_mot_cli import parser_of

from ..evaluation.benchmark.graphs import measure_association
from ..evaluation.benchmark.meter import peak_memory
from .user_errors import one_line_errors

parse_args = parser_of('benchmark_graphs')


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
