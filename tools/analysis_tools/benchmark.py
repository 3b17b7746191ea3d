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
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from mmengine.utils import ProgressBar
from tabulate import tabulate

sys.path.insert(0, str(Path(__file__).resolve().parent))

from benchmark_meter import (
    STAGES,
    StageMeter,
    clock,
    count_flops,
    count_parameters,
    medians,
    peak_memory,
)
from benchmark_settings import CHECKPOINTING, Inference, Setting, TrainingStep, Workload, build
from vsd_mot.fileio import write_atomically

MEMORY_PASSES = 2  # the second step of a training finds the optimiser's state in memory


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
    add('--worker', action='store_true', help=argparse.SUPPRESS)
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
    """The columns of the table; a config's reference comes before it."""
    settings = []
    for config, checkpoint in pair_models(options.models):
        name = Path(config).stem
        if options.reference and options.train:
            settings += [
                Setting(f'{name} reference', config, checkpoint, True, 'none'),
                Setting(f'{name} reference, checkpointing', config, checkpoint, True, 'frames'),
            ]
        elif options.reference:
            settings.append(Setting(f'{name} reference', config, checkpoint, True))
        for kept in options.checkpointing if options.train else ['config']:
            suffix = '' if kept == 'config' else f', checkpointing {kept}'
            settings.append(Setting(f'{name}{suffix}', config, checkpoint, False, kept))
    return settings


def make_workload(options: argparse.Namespace) -> Workload:
    """What the settings have to do."""
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


def run_interleaved(
    settings: Sequence[Setting], workload: Workload, train: bool, rounds: int, warmup: int
) -> list[dict]:
    """Measure all settings, a pass of each in turn.

    Returns:
        For each setting its parameters, operations and milliseconds for a frame (a step, in
        training) by stage.
    """
    if workload.threads:
        torch.set_num_threads(workload.threads)
    tasks, results = [], []
    for setting in settings:
        task = (TrainingStep if train else Inference)(build(setting, workload), setting, workload)
        tasks.append(task)
        results.append(dict(asdict(setting), parameters=count_parameters(task.model)))
    passes: list[list[dict[str, float]]] = [[] for _ in tasks]
    bar = ProgressBar((rounds + warmup) * len(tasks), file=sys.stderr)
    for index in range(rounds + warmup):
        for task, measured in zip(tasks, passes):
            meter = StageMeter(task.model, clock(workload.device))
            spent = meter.measure(task.run)
            meter.remove()
            if index >= warmup:
                frames = 1 if train else task.frames
                measured.append({stage: 1000 * s / frames for stage, s in spent.items()})
            bar.update()
    print(file=sys.stderr)
    for task, setting, measured, result in zip(tasks, settings, passes, results):
        result['milliseconds'] = medians(measured)
        result['passes'] = [one['total'] for one in measured]
        frames = task.frames * 1000 / result['milliseconds']['total'] if train else None
        result['frames_per_second'] = frames or 1000 / result['milliseconds']['total']
        if setting.checkpointing in ('config', 'none') and not (workload.compiled or train):
            flops = count_flops(task.model, task.run)
            result['gflops'] = {stage: n / 1e9 / task.frames for stage, n in flops.items()}
    return results


def measure_memory(setting: Setting, workload: Workload, train: bool) -> dict[str, float]:
    """Peak memory of a setting, in MB, measured in a process of its own.

    Raises:
        RuntimeError: The process failed.
    """
    job = json.dumps(dict(setting=asdict(setting), workload=asdict(workload), train=train))
    command = [sys.executable, os.path.abspath(__file__), '--worker', job]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f'{setting.name}: measuring its memory failed:\n{done.stderr[-2000:]}')
    return json.loads(done.stdout.splitlines()[-1])


def work(job: str) -> None:
    """The process of its own: run some passes, print the peak as JSON."""
    content = json.loads(job)
    workload = Workload(**content['workload'])
    setting = Setting(**content['setting'])
    if workload.threads:
        torch.set_num_threads(workload.threads)
    model = build(setting, workload)
    before = peak_memory(workload.device)
    task = (TrainingStep if content['train'] else Inference)(model, setting, workload)
    meter = StageMeter(model, clock(workload.device))
    for _ in range(MEMORY_PASSES):
        meter.measure(task.run)
    print(json.dumps(dict(model=before, peak=peak_memory(workload.device))))


def make_table(results: Sequence[dict], train: bool) -> str:
    """A Markdown table, a column for each setting."""
    kind = 'ms' if train else 'ms/frame'
    shown = [
        stage for stage in (*STAGES, 'rest') if any(stage in r['milliseconds'] for r in results)
    ]
    names = {'rest': 'losses and rest' if train else 'post-process and rest'}
    rows = [
        [f'{names.get(stage, stage)} ({kind})']
        + [f'{r["milliseconds"].get(stage, 0.0):.1f}' for r in results]
        for stage in [*shown, 'total']
    ]
    rows.append(['frames per second', *(f'{r["frames_per_second"]:.3f}' for r in results)])
    if all('gflops' in result for result in results):
        rows.append(['GFLOPs/frame', *(f'{r["gflops"]["total"]:.1f}' for r in results)])
    parameters = [result['parameters']['total'] for result in results]
    rows.append(['parameters (M)', *(f'{count["all"] / 1e6:.2f}' for count in parameters)])
    if all('memory' in result for result in results):
        rows.append(['peak memory (MB)', *(f'{r["memory"]["peak"]:.0f}' for r in results)])
    measures = [('time', lambda result: result['milliseconds']['total'])]
    if all('memory' in result for result in results):
        measures.append(('memory', lambda result: result['memory']['peak']))
    for suffix, kinds in (('', ('config', 'none')), (', checkpointing', ('frames',))):
        references = {
            result['config']: result
            for result in reversed(results)
            if result['plain'] and result['checkpointing'] in kinds
        }
        for title, measure in measures if references else []:
            ratios = [
                f'{measure(result) / measure(references[result["config"]]):.2f}'
                if result['config'] in references
                else ''
                for result in results
            ]
            rows.append([f'{title} / reference{suffix}', *ratios])
    headers = ['', *(result['name'] for result in results)]
    return tabulate(rows, headers=headers, tablefmt='github', disable_numparse=True)


def parameter_table(results: Sequence[dict]) -> str:
    """A Markdown table of the parameters in each part of each config's model."""
    by_config = {result['config']: result['parameters'] for result in results}
    parts = dict.fromkeys(part for counts in by_config.values() for part in counts)
    rows = [
        [part, *(f'{counts.get(part, {}).get("all", 0):,}' for counts in by_config.values())]
        for part in [*(part for part in parts if part != 'total'), 'total']
    ]
    headers = ['parameters', *(Path(config).stem for config in by_config)]
    return tabulate(rows, headers=headers, tablefmt='github', disable_numparse=True)


def main(args: Sequence[str] | None = None) -> None:
    """Measure as the command line says, print tables, write JSON."""
    options = parse_args(args)
    if options.worker:
        work(options.models[0])
        return
    try:
        settings, workload = make_settings(options), make_workload(options)
    except ValueError as error:
        sys.exit(f'benchmark.py: {error}')
    memory = []
    if not options.no_memory:
        memory = [measure_memory(setting, workload, options.train) for setting in settings]
    results = run_interleaved(settings, workload, options.train, options.rounds, options.warmup)
    for result, found in zip(results, memory):
        result['memory'] = found
    print(make_table(results, options.train))
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


if __name__ == '__main__':
    main()
