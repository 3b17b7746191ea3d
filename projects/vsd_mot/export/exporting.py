"""Write the graphs of a tracker, and only if they compute what PyTorch does."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..datasets.transforms.geometry import short_side_size
from ..errors import ExportError
from ..models.detectors import ProposalDetector
from ..models.query_tracking import MOTRv2
from .checking import check_graph
from .graphs import (
    DetectorGraph,
    EncoderGraph,
    HandoverGraph,
    QueriesGraph,
    StepGraph,
    require_supported,
)
from .manifest import Manifest, digest_of
from .runtimes import Runtime
from .tracing import GraphModule, write_graph

VARIES = {
    'encoder': ('frames', 'tokens', 'boxes', 'scores', 'labels', 'quality'),
    'detector': ('frames', 'boxes', 'scores', 'labels'),
    'queries': (*QueriesGraph.inputs, *QueriesGraph.outputs),
    'step': ('references', 'contents', 'boxes', 'logits', 'states'),
    'handover': (*HandoverGraph.inputs, *HandoverGraph.outputs),
}


def export_tracker(
    model: nn.Module, folder: Path, *, size: tuple[int, int], runtime: Runtime, config: str = ''
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
    folder = Path(folder)
    if folder.exists() and not (folder / 'graphs.json').is_file() and any(folder.iterdir()):
        raise ExportError(f'{folder} exists and holds no exported graphs: choose another folder')
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f'.{folder.name}.', dir=folder.parent) as temporary:
        partial = Path(temporary) / 'graphs'
        partial.mkdir()
        manifest = _write_all(tracker, partial, size=size, runtime=runtime, config=config)
        manifest.write(partial)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(partial, folder)
    return manifest


def _write_all(
    model: MOTRv2, folder: Path, *, size: tuple[int, int], runtime: Runtime, config: str
) -> Manifest:
    generator = torch.Generator().manual_seed(0)
    encoder = EncoderGraph(model)
    images = _images(2, size, generator)
    with torch.no_grad():
        level_sizes = _level_sizes(model, images[:1])
        tokens = encoder(images)[0]
    width = tokens.shape[-1]
    modules: dict[str, GraphModule] = {
        'encoder': encoder,
        'queries': QueriesGraph(model),
        'step': StepGraph(model, level_sizes),
        'handover': HandoverGraph(model),
    }
    detector_size = None
    if isinstance(model.detector, ProposalDetector) and not model.detector.shares_maps:
        modules['detector'] = DetectorGraph(model.detector)
        detector_size = size
        if model.detector.input_scale is not None:
            detector_size = short_side_size(*size, scale=model.detector.input_scale, rule='nearest')

    def examples(name: str, count: int) -> tuple[torch.Tensor, ...]:
        boxes = torch.rand(count, 4, generator=generator) * 0.5 + 0.25
        scores = torch.rand(count, generator=generator)
        contents, states = torch.randn(2, count, width, generator=generator)
        if name == 'encoder':
            return (_images(count, size, generator),)
        if name == 'detector':
            return (_images(count, detector_size or size, generator),)
        if name == 'queries':
            return boxes, scores
        if name == 'handover':
            return boxes, contents, scores, states, boxes.flip(0)
        quality = [scores.new_tensor(0.4)] if 'quality' in modules['step'].inputs else []
        return tokens[0], boxes, contents, *quality

    for name, module in modules.items():
        assert isinstance(module, nn.Module)
        module.eval()
        path = folder / f'{name}.onnx'
        of_frames = name in ('encoder', 'detector')
        write_graph(module, examples(name, 2 if of_frames else 7), path, varies=VARIES[name])
        cases = [examples(name, count) for count in ((1, 3) if of_frames else (0, 1, 7, 40))]
        check_graph(module, runtime.load(path), cases, name=name)
    return Manifest(
        model=digest_of(model),
        config=config,
        size=size,
        detector_size=detector_size,
        level_sizes=level_sizes,
        embed_dims=width,
        lifecycle=_settings(model.lifecycle),
        detection=_detection(model),
    )


def _images(count: int, size: tuple[int, int], generator: torch.Generator) -> torch.Tensor:
    """Frames with structure of all scales, as a video has: noise alone is nothing like one."""
    coarse = torch.rand(count, 3, 7, 9, generator=generator)
    smooth = nn.functional.interpolate(coarse, size, mode='bilinear', align_corners=False)
    grain = torch.rand(count, 3, *size, generator=generator)
    return ((0.85 * smooth + 0.15 * grain) * 255).to(torch.uint8)


def _level_sizes(model: MOTRv2, images: torch.Tensor) -> list[tuple[int, int]]:
    from_graph = EncoderGraph(model).images(images)
    levels, _ = model.levels(from_graph)
    return [(level.shape[-2], level.shape[-1]) for level in levels]


def _settings(part: object) -> dict[str, Any]:
    """Return the numbers that a part keeps as attributes."""
    return {
        name: value
        for name, value in vars(part).items()
        if not name.startswith('_') and name not in ('training', 'next_id')
        if isinstance(value, int | float | str | None.__class__)
    }


def _detection(model: MOTRv2) -> dict[str, Any]:
    if not isinstance(model.detector, ProposalDetector):
        return {}
    settings = model.detector.detector.bbox_head.test_cfg
    return dict(
        score_thr=model.detector.score_thr,
        keep_labels=list(model.detector.keep_labels),
        head_score_thr=settings.score_thr,
        iou_threshold=settings.nms.iou_threshold,
    )
