"""Write the graphs of a tracker, and only if they compute what PyTorch does."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from ..datasets.transforms.geometry import short_side_size
from ..errors import ExportError
from ..models.detectors import ProposalDetector
from ..models.query_tracking.transformer import DeformableEncoder
from .checking import check_graph
from .examples import Examples
from .graphs import (
    DetectorGraph,
    EncoderGraph,
    HandoverGraph,
    QueriesGraph,
    StepGraph,
    require_supported,
    require_supported_detector,
)
from .manifest import CHANGING, NAME, Manifest, digest_of
from .runtimes import Runtime
from .tracing import GraphModule, write_graph

OF_FRAMES = ('encoder', 'detector')
# A graph is compared on so many frames, or queries.
FRAME_COUNTS = (1, 3)
QUERY_COUNTS = (0, 1, 7, 40)
# What does not grow with the frames of a batch, or with the queries.
FIXED = ('tokens', 'quality', 'image_feature', 'weight')


def export_tracker(
    model: nn.Module, folder: str | Path, *, size: tuple[int, int], runtime: Runtime, config: str
) -> Manifest:
    """Write the graphs of a tracker for frames of one size.

    The folder appears when all graphs are written and have given what PyTorch gives.

    Args:
        model: The tracker, in evaluation mode on the CPU.
        folder: Where to; one that holds exported graphs is replaced.
        size: (height, width) in pixels of the frames, as the pipeline of its config resizes them.
        runtime: What the graphs are checked with.
        config: Name of the config, for people.

    Raises:
        ExportError: A part cannot be exported, a graph is not right, or the folder is in the way.
    """
    tracker = require_supported(model)
    encoder = EncoderGraph(tracker, size)
    with torch.no_grad():
        blank = torch.zeros(1, 3, *size, dtype=torch.uint8)
        levels, _ = tracker.levels(encoder.images(blank))
        tokens = cast(DeformableEncoder, tracker.encoder).tokens(levels)[0][0]
    manifest = Manifest(
        model=digest_of(tracker),
        config=config,
        size=size,
        level_sizes=[(level.shape[-2], level.shape[-1]) for level in levels],
        embed_dims=tokens.shape[1],
        lifecycle=_settings(tracker.lifecycle),
    )
    step = StepGraph(tracker, manifest.level_sizes)
    modules: dict[str, GraphModule] = {
        'encoder': encoder,
        'queries': QueriesGraph(tracker),
        'step': step,
        'handover': HandoverGraph(tracker),
    }
    if isinstance(tracker.detector, ProposalDetector):
        manifest.detection = _detection(tracker.detector)
        if not tracker.detector.shares_maps:
            modules['detector'] = DetectorGraph(tracker.detector)
            manifest.detector_size = detector_input(tracker.detector, size)
    examples = Examples(
        size=size,
        detector_size=manifest.detector_size,
        tokens=tokens,
        rates_frames='quality' in step.inputs,
        feature_dims=encoder.feature_dims,
    )
    _write(modules, Path(folder), examples=examples, manifest=manifest, runtime=runtime)
    return manifest


def export_detector(
    detector: ProposalDetector,
    folder: str | Path,
    *,
    size: tuple[int, int],
    runtime: Runtime,
    config: str,
) -> Manifest:
    """Write the graph of a YOLOX alone; arguments and errors as of :func:`export_tracker`."""
    require_supported_detector(detector)
    manifest = Manifest(
        model=digest_of(detector),
        config=config,
        size=size,
        detector_size=detector_input(detector, size),
        detection=_detection(detector),
    )
    examples = Examples(
        size=size,
        detector_size=manifest.detector_size,
        tokens=torch.zeros(1, 1),
        rates_frames=False,
        feature_dims=0,
    )
    modules: dict[str, GraphModule] = {'detector': DetectorGraph(detector)}
    _write(modules, Path(folder), examples=examples, manifest=manifest, runtime=runtime)
    return manifest


def _write(
    modules: dict[str, GraphModule],
    folder: Path,
    *,
    examples: Examples,
    manifest: Manifest,
    runtime: Runtime,
) -> None:
    with new_folder(folder) as partial:
        for name, module in modules.items():
            module.eval()
            path = partial / f'{name}.onnx'
            frames = name in OF_FRAMES
            named = [*module.inputs, *module.outputs]
            varies = [one for one in named if frames or one not in FIXED]
            write_graph(module, examples.make(name, 2 if frames else 7), path, varies=varies)
            counts = FRAME_COUNTS if frames else QUERY_COUNTS
            cases = [examples.make(name, count) for count in (*counts, *module.turning_counts)]
            check_graph(module, runtime.load(path), cases, name=name)
        manifest.write(partial)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write to, which takes the place of another one when the block ends.

    Raises:
        ExportError: What is there is no folder of exported graphs.
    """
    taken = folder.exists() and not (folder / NAME).is_file()
    if taken and not (folder.is_dir() and not any(folder.iterdir())):
        raise ExportError(f'{folder} is there and holds no exported graphs: choose another folder')
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f'.{folder.name}.', dir=folder.parent) as temporary:
        partial = Path(temporary) / 'graphs'
        partial.mkdir()
        yield partial
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(partial, folder)


def detector_input(detector: ProposalDetector, size: tuple[int, int]) -> tuple[int, int]:
    """Return the (height, width) that a detector resizes frames of ``size`` to."""
    if detector.input_scale is None:
        return size
    return short_side_size(*size, scale=detector.input_scale, rule='nearest')


def _settings(part: object) -> dict[str, Any]:
    """Return the numbers that a part keeps as attributes."""
    return {
        name: value
        for name, value in vars(part).items()
        if not name.startswith('_') and name not in CHANGING
        if value is None or isinstance(value, int | float | str)
    }


def _detection(detector: ProposalDetector) -> dict[str, Any]:
    settings = detector.detector.bbox_head.test_cfg
    return dict(
        score_thr=detector.score_thr,
        keep_labels=list(detector.keep_labels),
        head_score_thr=settings.score_thr,
        iou_threshold=settings.nms.iou_threshold,
    )
