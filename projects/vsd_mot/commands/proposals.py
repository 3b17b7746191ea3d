"""Run an MMDetection detector over a data set and store its boxes as proposals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.dist import get_dist_info, init_dist
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..datasets.proposals import (
    detector_identity,
    detector_pipeline,
    frames_of_annotations,
    frames_of_folder,
    make_proposals,
)
from ..engine.configs import read_config
from ..engine.devices import device_name
from ..engine.weights import load_checkpoint
from ..fileio import require_writable
from ..processes import die_with_parent
from .user_errors import one_line_errors

MAX_LISTED = 20


parse_args = parser_of('proposals')


def build_detector(cfg: Config, checkpoint: str, device: str) -> BaseModel:
    """Build a detector from its config, with its weights, ready to detect."""
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(cfg.model)
    load_checkpoint(model, checkpoint)
    return model.to(device).eval()


def frames_to_detect(options: argparse.Namespace) -> tuple[Path, list[str]]:
    """Image folder and the keys of the frames in it."""
    data_root = Path(options.data_root)
    root = data_root / options.img_prefix
    if options.ann_file is None:
        return root, frames_of_folder(root)
    ann_file = Path(options.ann_file)
    if not ann_file.is_file():
        ann_file = data_root / options.ann_file
    if not ann_file.is_file():
        raise FileNotFoundError(f'there is no annotation file {options.ann_file}, nor {ann_file}')
    return root, frames_of_annotations(ann_file)


def make(options: argparse.Namespace) -> int:
    """Make the proposals; 0 when all frames are done."""
    register_all_modules(init_default_scope=False)
    device = device_name(options.device)

    if options.launcher != 'none':
        die_with_parent()  # torchrun itself may be killed
        if device.startswith('cuda'):
            init_dist(options.launcher, backend='nccl')
        else:
            torch.distributed.init_process_group('gloo')
    require_writable(options.out)
    cfg = read_config(options.config, options.cfg_options)
    pipeline = detector_pipeline(cfg)
    root, keys = frames_to_detect(options)
    if not Path(options.checkpoint).is_file():
        raise FileNotFoundError(f'there is no checkpoint {options.checkpoint}')
    meta = detector_identity(
        cfg,
        pipeline,
        name=Path(options.config).stem,
        checkpoint=options.checkpoint,
        score_thr=options.score_thr,
        labels=options.labels,
    )
    report = make_proposals(
        build_detector(cfg, options.checkpoint, device),
        pipeline,
        root=root,
        keys=keys,
        out=options.out,
        meta=meta,
        score_thr=options.score_thr,
        keep_labels=options.labels,
        batch_size=options.batch_size,
        workers=options.workers,
    )
    if report.broken:
        for reason in list(report.broken.values())[:MAX_LISTED]:
            print(reason, file=sys.stderr)
        print(
            f'{len(report.broken)} frames cannot be read, the others are kept in '
            f'{options.out}.parts. Mend them and call again.',
            file=sys.stderr,
        )
        return 1
    if get_dist_info()[0] == 0:
        print(f'{options.out}: {report.frames} frames, {report.proposals} proposals')
    return 0


@one_line_errors('make_proposals', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return make(parse_args(args))
