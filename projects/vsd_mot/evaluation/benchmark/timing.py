"""Milliseconds by stage of several settings, measured in turn."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

import torch
from mmengine.utils import ProgressBar

from .disturbance import Disturbance
from .meter import StageMeter, clock, count_flops, count_parameters, medians
from .settings import Inference, Setting, TrainingStep, Workload, build


def run_interleaved(
    settings: Sequence[Setting], workload: Workload, *, train: bool, rounds: int, warmup: int
) -> list[dict]:
    """Measure all settings, a pass of each in turn.

    Args:
        settings: The columns of the table.
        workload: What each of them has to do.
        train: Measure a training step instead of inference.
        rounds: Measured passes of each setting; more steady the medians.
        warmup: Passes before them that do not count. Raising it leaves caches and compilers out of
            the figures more surely.

    Returns:
        For each setting its parameters, operations, milliseconds for a frame (a step, in training)
        by stage, those of each pass, and how many cores other work took meanwhile, which is warned
        of.
    """
    threads = torch.get_num_threads()
    tasks, results = [], []
    for setting in settings:
        torch.set_num_threads(setting.threads or threads)
        task = (TrainingStep if train else Inference)(build(setting, workload), setting, workload)
        tasks.append(task)
        results.append(dict(asdict(setting), parameters=count_parameters(task.model)))
    passes: list[list[dict[str, float]]] = [[] for _ in tasks]
    bar = ProgressBar((rounds + warmup) * len(tasks), file=sys.stderr)
    watch = Disturbance()
    for index in range(rounds + warmup):
        for task, setting, measured in zip(tasks, settings, passes):
            torch.set_num_threads(setting.threads or threads)
            meter = StageMeter(task.model, clock(workload.device))
            spent = meter.measure(task.run)
            meter.remove()
            if index >= warmup:
                frames = 1 if train else task.frames
                measured.append({stage: 1000 * s / frames for stage, s in spent.items()})
            bar.update()
    print(file=sys.stderr)
    torch.set_num_threads(threads)
    cores = watch.cores()
    if (warning := watch.warning()) is not None:
        print(f'warning: {warning}', file=sys.stderr)
    for task, setting, measured, result in zip(tasks, settings, passes, results):
        result['milliseconds'] = medians(measured)
        result['passes'] = [one['total'] for one in measured]
        result['disturbed_by_cores'] = cores
        # A training step is measured whole, inference frame by frame.
        frames = task.frames if train else 1
        result['frames_per_second'] = 1000 * frames / result['milliseconds']['total']
        counted = setting.backend == 'pytorch' and not (workload.compiled or train)
        if setting.checkpointing in ('config', 'none') and counted:
            flops = count_flops(task.model, task.run)
            result['gflops'] = {stage: n / 1e9 / task.frames for stage, n in flops.items()}
    return results
