"""Write a tracker, or a YOLOX, as ONNX graphs."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..apis import Tracker, init_tracker
from ..engine.configs import proposal_detector, read_config
from ..errors import ExportError
from ..export import build_runtime, export_detector, export_tracker
from ..export.manifest import Manifest
from ..export.quantisation import quantise
from ..models.query_tracking import MOTRv2
from ..video.reader import open_source
from ..video.sources import Frame
from .user_errors import one_line_errors

parse_args = parser_of('export')


def frame_size(options: argparse.Namespace) -> tuple[int, int]:
    """Return the (height, width) of the frames of the video that is named, or the size itself.

    Raises:
        ExportError: The first frame of the video cannot be read.
    """
    if options.frame_size is not None:
        width, height = options.frame_size
        return height, width
    source = open_source(options.like)
    try:
        image = next(iter(source)).image
    finally:
        source.close()
    if image is None:
        raise ExportError(f'the first frame of {options.like} cannot be read: give --frame-size')
    return image.shape[:2]


def input_size(tracker: Tracker, size: tuple[int, int]) -> tuple[int, int]:
    """Return the (height, width) that the pipeline makes of frames of ``size``."""
    image = np.zeros((*size, 3), np.uint8)
    data = tracker.prepare(Frame(index=0, image=image, name='frame'))
    height, width = data['data_samples'].img_shape[:2]
    return int(height), int(width)


def export(options: argparse.Namespace) -> Manifest:
    """Export as the command line says."""
    warnings.filterwarnings('ignore', message='torch.meshgrid')
    runtime = build_runtime(options.backend)
    size = frame_size(options)
    register_all_modules(init_default_scope=False)
    config = read_config(options.config, options.cfg_options)
    name = Path(options.config).stem
    if 'bbox_head' in config.get('model', {}):  # a detector of MMDetection
        init_default_scope('mmtrack')
        if options.int8:
            raise ExportError('--int8 is for trackers, with the detector that is in them')
        detector = MODELS.build(proposal_detector(options.config, options.checkpoint))
        return export_detector(detector, options.out, size=size, runtime=runtime, config=name)
    kind = MODELS.get(config.model.type)
    if kind is None or not issubclass(kind, MOTRv2):
        raise ExportError(
            f'{config.model.type} cannot be exported: MOTRv2, what is built on it, and YOLOX can'
        )
    tracker = init_tracker(
        options.config, options.checkpoint, device='cpu', cfg_options=options.cfg_options
    )
    size = input_size(tracker, size)
    manifest = export_tracker(tracker.model, options.out, size=size, runtime=runtime, config=name)
    if options.int8:
        frames = list(calibration_frames(tracker, options.int8, options.int8_frames))
        manifest = quantise(Path(options.out), frames)
    return manifest


def calibration_frames(tracker: Tracker, videos: Sequence[str], count: int) -> Iterator[np.ndarray]:
    """Read evenly spread frames of videos, as the pipeline gives them.

    Args:
        tracker: With the pipeline.
        videos: Files or folders of images.
        count: Frames of all videos together, about.

    Yields:
        Frames (1, 3, h, w) uint8 RGB.
    """
    share = max(1, count // len(videos))
    for video in videos:
        source = open_source(video)
        step = max(1, (source.length or share) // share)
        for frame in source:
            if frame.index % step or frame.image is None:
                continue
            data = tracker.prepare(frame)
            yield data['inputs']['img'].flip(1).contiguous().numpy()
        source.close()


@one_line_errors('export', OSError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    manifest = export(options)
    height, width = manifest.size
    print(f'{", ".join(manifest.files)} in {options.out}, for frames of {width} x {height}')
    print(f'compared with PyTorch by {options.backend}: equal')
    if manifest.precision != 'float32':
        print(f'then rounded to {manifest.precision}: measure what that costs in your videos')
