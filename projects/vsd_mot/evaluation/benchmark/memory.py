"""Peak memory of a setting, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict

import torch

from .meter import StageMeter, clock, peak_memory
from .settings import Inference, Setting, TrainingStep, Workload, build

PASSES = 2  # the second step of a training finds the optimiser's state in memory


def measure_memory(setting: Setting, workload: Workload, *, train: bool) -> dict[str, float]:
    """Peak memory of a setting, in MB, measured in a process of its own.

    Raises:
        RuntimeError: The process failed.
    """
    job = json.dumps(dict(setting=asdict(setting), workload=asdict(workload), train=train))
    command = [sys.executable, '-m', 'vsd_mot.evaluation.benchmark.memory', job]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f'{setting.name}: measuring its memory failed:\n{done.stderr[-2000:]}')
    return json.loads(done.stdout.splitlines()[-1])


def main(job: str) -> None:
    """Return the process of its own: run some passes, print the peak as JSON."""
    content = json.loads(job)
    workload = Workload(**content['workload'])
    setting = Setting(**content['setting'])
    if setting.threads:
        torch.set_num_threads(setting.threads)
    model = build(setting, workload)
    before = peak_memory(workload.device)
    task = (TrainingStep if content['train'] else Inference)(model, setting, workload)
    meter = StageMeter(model, clock(workload.device))
    for _ in range(PASSES):
        meter.measure(task.run)
    print(json.dumps(dict(model=before, peak=peak_memory(workload.device))))


if __name__ == '__main__':
    main(sys.argv[1])
