"""CPU time and memory of HQTrack's frame, ours and as published, in turns.

python tools/analysis_tools/benchmark_masks.py --size 481 849 --runs 3

Time is that of this process's own computing, so that other work on the machine disturbs it less.
Peak memory is measured in a process of its own for each form.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from mmengine.config import Config
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from ..engine.configs import find_config_file
from ..evaluation.benchmark.meter import peak_memory
from ..evaluation.benchmark.published_masks import published_form
from ..models.mask_tracking import MemorySettings
from ..models.mask_tracking.frame_size import size_of
from ..models.mask_tracking.video_segmenter import VideoSegmenter

FORMS: dict[str, Callable[[], AbstractContextManager[None]]] = dict(
    ours=nullcontext, published=published_form
)


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--config', default='_base_/models/hqtrack_intern-t.py')
    parser.add_argument('--size', type=int, nargs=2, default=(481, 849), metavar=('H', 'W'))
    parser.add_argument('--runs', type=int, default=3, metavar='N')
    parser.add_argument('--memory-of', choices=FORMS, help=argparse.SUPPRESS)
    return parser.parse_args(args)


def begin(options: argparse.Namespace) -> tuple[VideoSegmenter, torch.Tensor]:
    """Build the network, with random weights, and let it take in a frame with two objects."""
    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    vmos = MODELS.build(Config.fromfile(find_config_file(options.config)).model.vmos).eval()
    height, width = options.size
    segmenter = VideoSegmenter(vmos, MemorySettings())
    image = torch.randn(3, height, width)
    masks = torch.zeros(2, height, width, dtype=torch.bool)
    masks[0, : height // 3, : width // 4] = True
    masks[1, height // 2 :, width // 2 :] = True
    segmenter.remember(segmenter.segment(image, (height, width)), {1: masks[0], 2: masks[1]})
    return segmenter, image


def step(segmenter: VideoSegmenter, image: torch.Tensor) -> torch.Tensor:
    """Follow the objects through one more frame; return the labels."""
    masks_found = segmenter.remember(segmenter.segment(image, size_of(image)))
    return masks_found.labels


def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    torch.set_num_threads(1)
    if options.memory_of:
        with FORMS[options.memory_of]():
            segmenter, image = begin(options)
            step(segmenter, image)
        print(peak_memory('cpu'))
        return
    segmenter, image = begin(options)
    seconds: dict[str, list[float]] = {form: [] for form in FORMS}
    logits = {}
    for _ in range(options.runs):
        for form, context in FORMS.items():
            with context(), torch.no_grad():
                start = time.process_time()
                segmenter.segment(image, size_of(image))
                seconds[form].append(time.process_time() - start)
            logits[form] = segmenter.logits[0]
    difference = (logits['ours'] - logits['published'])[:3].abs().max().item()
    print(f'{options.size[0]} x {options.size[1]}, two objects, one long-term frame')
    for form, values in seconds.items():
        listed = ' '.join(f'{one:.2f}' for one in sorted(values))
        print(f'{form:10} {min(values):.2f} s of CPU a frame (runs: {listed})')
    print(f'ratio      {min(seconds["ours"]) / min(seconds["published"]):.2f}')
    print(f'largest difference of logits: {difference:.1e}')
    peaks = {form: peak_of(form, options) for form in FORMS}
    for form, peak in peaks.items():
        print(f'{form:10} {peak:.0f} MiB at the peak of the process')
    print(f'ratio      {peaks["ours"] / peaks["published"]:.2f}')


def peak_of(form: str, options: argparse.Namespace) -> float:
    """Return the peak memory in MiB of a process that follows one frame in a form."""
    code = 'import sys; from vsd_mot.commands.benchmark_masks import main; main(sys.argv[1:])'
    command = [sys.executable, '-c', code, '--memory-of', form, '--config', options.config]
    command += ['--size', *map(str, options.size)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(printed.split()[-1])
