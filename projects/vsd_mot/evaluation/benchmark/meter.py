"""Where time, multiplications and memory go, stage by stage."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torch.utils.hooks import RemovableHandle

from ...models.query_tracking import FoldedResNet, MOTRv2
from ...models.query_tracking.transformer import DeformableAttention
from ...models.token_linear import TokenLinear

# Stage to the model's part that it is; the rest of a pass is post-processing (or losses).
STAGES = {
    'preprocess': None,
    'detector': 'detector',
    'backbone': 'backbone',
    'neck': 'neck',
    'encoder': 'encoder',
    'semantic branch': 'semantics',
    'decoder': 'decoder',
    'propagation': 'propagation',
    'backward': None,
    'optimizer': None,
}


class StageMeter:
    """Reads a counter at the beginning and the end of each stage.

    Args:
        model: The tracker; its stages are hooked.
        counter: Gives the time, or the operations so far.
    """

    def __init__(self, model: nn.Module, counter: Callable[[], float]) -> None:
        self.counter = counter
        self.spent: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._handles: list[RemovableHandle] = []
        self._model = model
        for stage, name in STAGES.items():
            part = getattr(model, name, None) if name else None
            if part is not None:
                self._hook(part, stage)
        self._describe: Callable | None = None
        if isinstance(model, MOTRv2) and model.semantics is not None:
            self._describe = model.describe
            model.describe = self._described

    def _hook(self, part: nn.Module, stage: str) -> None:
        starts = []

        def begin(module, args) -> None:
            starts.append(self.counter() if not self._running else None)

        def end(module, args, output) -> None:
            start = starts.pop()
            if start is not None:
                self.spent[stage] += self.counter() - start

        self._handles.append(part.register_forward_pre_hook(begin))
        self._handles.append(part.register_forward_hook(end))

    def _described(self, frames) -> list:
        assert self._describe is not None, 'in place of it only'
        with self.stage('semantic branch'):
            return self._describe(frames)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside as this stage, also what runs again in a backward pass."""
        start = self.counter()
        self._running.append(name)
        yield
        self._running.pop()
        self.spent[name] += self.counter() - start

    def measure(self, run: Callable[[StageMeter], None]) -> dict[str, float]:
        """Run once.

        Args:
            run: What to measure; it gets this meter.

        Returns:
            What each stage took, ``rest`` and ``total``.
        """
        self.spent.clear()
        start = self.counter()
        run(self)
        total = self.counter() - start
        return {**self.spent, 'rest': total - sum(self.spent.values()), 'total': total}

    def remove(self) -> None:
        """Take the hooks off the model."""
        for handle in self._handles:
            handle.remove()
        if isinstance(self._model, MOTRv2) and self._describe is not None:
            self._model.describe = self._describe


def clock(device: str) -> Callable[[], float]:
    """Seconds; on CUDA after everything that was launched has run."""

    def now() -> float:
        if device == 'cuda' and not torch.cuda.is_current_stream_capturing():
            torch.cuda.synchronize()
        return time.perf_counter()

    return now


def count_flops(model: nn.Module, run: Callable[[StageMeter], None]) -> dict[str, float]:
    """Floating-point operations of a pass (a multiply-add is two), stage by stage.

    Counted are convolutions, matrix products and attention, as the published form of the model
    has them, whatever a faster form saves; sampling, norms and activations are not.

    Args:
        model: The tracker.
        run: One pass.

    Returns:
        Operations of each stage, ``rest`` and ``total``.
    """
    kept = {
        module: module.plain
        for module in model.modules()
        if isinstance(module, FoldedResNet | DeformableAttention | TokenLinear)
    }
    for module in kept:
        module.plain = True
    with FlopCounterMode(display=False) as counter:
        meter = StageMeter(model, lambda: float(counter.get_total_flops()))
        result = meter.measure(run)
    meter.remove()
    for module, plain in kept.items():
        module.plain = plain
    return result


def count_parameters(model: nn.Module) -> dict[str, dict[str, int]]:
    """Parameters of each part of the model, all and trainable, and their ``total``."""
    counts = {
        name: dict(
            all=sum(p.numel() for p in part.parameters()),
            trainable=sum(p.numel() for p in part.parameters() if p.requires_grad),
        )
        for name, part in model.named_children()
    }
    counts = {name: count for name, count in counts.items() if count['all']}
    counts['total'] = {
        kind: sum(count[kind] for count in counts.values()) for kind in ('all', 'trainable')
    }
    return counts


def peak_memory(device: str) -> float:
    """Return the most memory this process has held, in MB: of the GPU, or resident."""
    if device == 'cuda':
        return torch.cuda.max_memory_allocated() / 2**20
    if sys.platform.startswith('linux'):
        # unlike getrusage, not what the process that started this one had
        with open('/proc/self/status') as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmHWM')) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == 'darwin' else peak / 1024


def medians(passes: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each stage over passes; ``total`` has its own."""
    stages = dict.fromkeys(stage for one in passes for stage in one)
    return {stage: statistics.median(one.get(stage, 0.0) for one in passes) for stage in stages}
