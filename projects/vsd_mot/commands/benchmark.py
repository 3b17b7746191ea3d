"""Benchmark trackers: parameters, operations, milliseconds by stage, frames per second, memory."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from vsd_mot_cli import parser_of

from ..evaluation.benchmark.memory import measure_memory
from ..evaluation.benchmark.settings import Setting, Workload
from ..evaluation.benchmark.tables import make_table, parameter_table
from ..evaluation.benchmark.timing import run_interleaved
from ..fileio import write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('benchmark')


def pair_models(names: Sequence[str]) -> list[tuple[str, str | None]]:
    """(config, checkpoint or None) of each config on the command line.

    Raises:
        ValueError: A file is missing, or a checkpoint comes before any config.
    """
    pairs: list[tuple[str, str | None]] = []
    for name in names:
        if not os.path.isfile(name):
            raise ValueError(f'{name}: no such file')
        if name.endswith('.py'):
            pairs.append((name, None))
        elif pairs and pairs[-1][1] is None:
            pairs[-1] = (pairs[-1][0], name)
        else:
            raise ValueError(f'{name}: a checkpoint goes after the config it belongs to')
    return pairs


def make_settings(options: argparse.Namespace) -> list[Setting]:
    """Return the columns of the table; a config's reference comes before it."""
    settings = []
    for config, checkpoint in pair_models(options.models):
        name = Path(config).stem
        if options.reference and options.train:
            settings += [
                Setting(f'{name} reference', config, checkpoint, plain=True, checkpointing='none'),
                Setting(
                    f'{name} reference, checkpointing',
                    config,
                    checkpoint,
                    plain=True,
                    checkpointing='frames',
                ),
            ]
        elif options.reference:
            threads = (options.threads or [None])[0]
            settings.append(
                Setting(f'{name} reference', config, checkpoint, plain=True, threads=threads)
            )
        if not options.train:
            settings += backend_settings(options, config, checkpoint)
            continue
        for checkpointing in options.checkpointing:
            suffix = '' if checkpointing == 'config' else f', checkpointing {checkpointing}'
            settings.append(
                Setting(f'{name}{suffix}', config, checkpoint, checkpointing=checkpointing)
            )
    return settings


def backend_settings(
    options: argparse.Namespace, config: str, checkpoint: str | None
) -> list[Setting]:
    """Return the columns of a config at inference: each backend by each number of threads."""
    settings = []
    for threads in options.threads or [None]:
        for backend in options.backends:
            name = Path(config).stem + ('' if backend == 'pytorch' else f' {backend}')
            if threads is not None and len(options.threads) > 1:
                name += f', {threads} thread{"s" * (threads > 1)}'
            settings.append(Setting(name, config, checkpoint, backend=backend, threads=threads))
    return settings


def make_workload(options: argparse.Namespace) -> Workload:
    """Return what the settings have to do."""
    if options.device == 'cuda' and not torch.cuda.is_available():
        raise ValueError('--device cuda: torch sees no GPU here')
    return Workload(
        size=tuple(options.size or ((384, 640) if options.train else (608, 1088))),
        frame_size=tuple(options.frame_size),
        proposals=options.proposals,
        tracks=options.tracks,
        objects=options.objects,
        clip_length=options.clip_length,
        window=options.window,
        device=options.device,
        amp=options.amp,
        compiled=options.compile,
        detector=options.detector,
    )


@one_line_errors('benchmark', ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Measure as the command line says, print tables, write JSON."""
    options = parse_args(args)
    settings, workload = make_settings(options), make_workload(options)
    memory = []
    if not options.no_memory:
        memory = [measure_memory(setting, workload, train=options.train) for setting in settings]
    results = run_interleaved(
        settings,
        workload,
        train=options.train,
        rounds=options.rounds,
        warmup=options.warmup,
    )
    for result, peak in zip(results, memory):
        result['memory'] = peak
    print(make_table(results, train=options.train))
    print()
    print(parameter_table(results))
    if options.out:
        machine = dict(
            processor=platform.processor() or platform.machine(),
            gpu=torch.cuda.get_device_name() if workload.device == 'cuda' else None,
            threads=torch.get_num_threads(),
            torch=torch.__version__,
            python=platform.python_version(),
        )
        content = dict(
            train=options.train, workload=asdict(workload), machine=machine, results=results
        )
        write_atomically(options.out, json.dumps(content, indent=1))
