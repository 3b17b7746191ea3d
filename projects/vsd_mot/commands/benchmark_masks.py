"""CPU time and memory of HQTrack's frame, ours and as published, in turns."""

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

from vsd_mot_cli import parser_of

from ..engine.configs import find_config_file
from ..evaluation.benchmark.meter import peak_memory
from ..evaluation.benchmark.published_masks import published_form
from ..models.mask_tracking import VMOS, MemorySettings
from ..models.mask_tracking.frame_size import size_of
from ..models.mask_tracking.video_segmenter import VideoSegmenter

FORMS: dict[str, Callable[[], AbstractContextManager[None]]] = dict(
    ours=nullcontext, published=published_form
)


parse_args = parser_of('benchmark_masks')


def build(options: argparse.Namespace) -> VMOS:
    """Build the network, with random weights."""
    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    return MODELS.build(Config.fromfile(find_config_file(options.config)).model.vmos).eval()


def begin(vmos: VMOS, size: tuple[int, int]) -> tuple[VideoSegmenter, torch.Tensor]:
    """Let the network take in a frame with two objects."""
    height, width = size
    segmenter = VideoSegmenter(vmos, MemorySettings())
    image = torch.randn(3, height, width)
    masks = torch.zeros(2, height, width, dtype=torch.bool)
    masks[0, : height // 3, : width // 4] = True
    masks[1, height // 2 :, width // 2 :] = True
    segmenter.remember(segmenter.segment(image, size), {1: masks[0], 2: masks[1]})
    return segmenter, image


def step(segmenter: VideoSegmenter, image: torch.Tensor) -> torch.Tensor:
    """Follow the objects through one more frame; return the labels."""
    masks = segmenter.remember(segmenter.segment(image, size_of(image)))
    return masks.labels


def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    torch.set_num_threads(1)
    if options.memory_of:
        vmos = build(options)
        held = peak_memory('cpu')
        with FORMS[options.memory_of]():
            step(*begin(vmos, tuple(options.size)))
        print(peak_memory('cpu'), peak_memory('cpu') - held)
        return
    segmenter, image = begin(build(options), tuple(options.size))
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
    for part, what in enumerate(('of the process', 'beside libraries and weights')):
        for form, peak in peaks.items():
            print(f'{form:10} {peak[part]:.0f} MiB at the peak {what}')
        print(f'ratio      {peaks["ours"][part] / peaks["published"][part]:.2f}')


def peak_of(form: str, options: argparse.Namespace) -> tuple[float, float]:
    """Return the peak memory in MiB of a process that follows one frame in a form.

    Returns:
        Of all of it, and how much more that is than it had with libraries and weights alone.
    """
    code = 'import sys; from vsd_mot.commands.benchmark_masks import main; main(sys.argv[1:])'
    command = [sys.executable, '-c', code, '--memory-of', form, '--config', options.config]
    command += ['--size', *map(str, options.size)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole, more = map(float, printed.split()[-2:])
    return whole, more
