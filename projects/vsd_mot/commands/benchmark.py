"""Benchmark trackers: parameters, operations, milliseconds by stage, frames per second, memory.

All settings run interleaved in one process, a pass each in turn, so that whatever else the machine
does meets all of them; the table has medians. Peak memory is taken in a process of its own for each
setting. The reference is the same model computed plainly: deformable attention by grid_sample,
batch norms unfolded, frame by frame.

Examples::

    # inference against the reference, at the published code's measured size
    python tools/analysis_tools/benchmark.py configs/_base_/models/motrv2_r50.py --reference
    # several models side by side, two with weights
    python tools/analysis_tools/benchmark.py configs/motrv2/A.py a.pth configs/vsd_mot/B.py b.pth
    # a training step on a clip of 5 frames, against the reference with and without checkpointing
    python tools/analysis_tools/benchmark.py configs/_base_/models/motrv2_r50.py --reference --train
    # on a GPU
    python tools/analysis_tools/benchmark.py CONFIG --device cuda --amp bf16 --compile --window 8
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from ..evaluation.benchmark.memory import measure_memory
from ..evaluation.benchmark.settings import CHECKPOINTING, Setting, Workload
from ..evaluation.benchmark.tables import make_table, parameter_table
from ..evaluation.benchmark.timing import run_interleaved
from ..fileio import write_atomically
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    add = parser.add_argument
    add('models', nargs='+', metavar='CONFIG [CHECKPOINT]', help='configs, each with its weights')
    add('--train', action='store_true', help='a training step instead of inference')
    add('--reference', action='store_true', help='compare each config with its plain computation')
    add('--size', type=int, nargs=2, metavar=('H', 'W'), help='(default 608 1088, --train 384 640)')
    add('--frame-size', type=int, nargs=2, default=(1080, 1920), metavar=('H', 'W'))
    add('--proposals', type=int, default=30, help='proposals in a frame (default 30)')
    add('--tracks', type=int, default=20, help='tracks carried into a frame (default 20)')
    add('--objects', type=int, default=10, help='with --train: objects in a frame (default 10)')
    add('--clip-length', type=int, default=5, help='with --train: frames of a clip (default 5)')
    add('--window', type=int, default=1, help='frames encoded together at inference (default 1)')
    add(
        '--checkpointing',
        nargs='+',
        choices=CHECKPOINTING,
        default=['config'],
        help='with --train: what is computed again in the backward pass; several are compared',
    )
    add('--detector', action='store_true', help="proposals by the config's detector, in the loop")
    add('--rounds', type=int, default=5, help='measured passes of each setting (default 5)')
    add('--warmup', type=int, default=1, help='passes before them (default 1)')
    add('--threads', type=int, help="threads on the CPU (default: torch's choice)")
    add('--device', choices=('cpu', 'cuda'), default='cpu')
    add('--amp', choices=('bf16', 'fp16'), help='run in autocast (default: float32)')
    add('--compile', action='store_true', help='torch.compile backbone, neck and encoder')
    add('--no-memory', action='store_true', help='do not measure peak memory')
    add('--out', type=Path, help='write everything as JSON, too')
    return parser.parse_args(args)


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
            settings.append(Setting(f'{name} reference', config, checkpoint, plain=True))
        for checkpointing in options.checkpointing if options.train else ['config']:
            suffix = '' if checkpointing == 'config' else f', checkpointing {checkpointing}'
            settings.append(
                Setting(f'{name}{suffix}', config, checkpoint, checkpointing=checkpointing)
            )
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
        threads=options.threads,
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
