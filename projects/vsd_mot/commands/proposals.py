"""Runs an MMDetection detector over a data set and stores its boxes as proposals.

python tools/dataset_converters/make_proposals.py configs/detector/CONFIG.py CHECKPOINT.pth \
    --data-root data/MOT17 --ann-file annotations/train.json \
    --out data/MOT17/proposals/train.proposals
torchrun --nproc_per_node=8 tools/dataset_converters/make_proposals.py ... --launcher pytorch

Without --ann-file all frames of the sequences below --data-root are taken. A run that was killed
goes on where it stopped when it is called again; what was made with other settings, weights or
another config is never mixed in. Frames that cannot be read are listed at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.dist import get_dist_info, init_dist
from mmengine.registry import DefaultScope
from mmtrack.utils import register_all_modules

from ..datasets.proposals import (
    detector_pipeline,
    frames_of_annotations,
    frames_of_folder,
    make_proposals,
)
from ..engine.configs import read_config
from ..engine.launch import DictAction
from ..engine.weights import load_checkpoint
from ..fileio import file_sha256
from .user_errors import one_line_errors

MAX_LISTED = 20


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help='config of the detector')
    parser.add_argument('checkpoint', help='weights of the detector')
    parser.add_argument('--data-root', required=True, help='folder that file names are relative to')
    parser.add_argument('--ann-file', help='annotation JSON, relative to the data root or not')
    parser.add_argument(
        '--img-prefix', default='', help='folder below the data root that file_name is relative to'
    )
    parser.add_argument('--out', required=True, help='proposal file to write')
    parser.add_argument('--score-thr', type=float, default=0.05, help='keep boxes above it')
    parser.add_argument(
        '--labels', type=int, nargs='+', default=[0], help='classes of the detector to keep'
    )
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument('--workers', type=int, default=2, help='processes that load images')
    parser.add_argument(
        '--device', default='cuda' if torch.cuda.is_available() else 'cpu', help='cuda or cpu'
    )
    parser.add_argument('--cfg-options', nargs='+', action=DictAction, help='override the config')
    parser.add_argument('--launcher', choices=['none', 'pytorch'], default='none')
    parser.add_argument('--local-rank', '--local_rank', type=int, default=0)
    return parser.parse_args(args)


def build_detector(cfg: Config, checkpoint: str, device: str) -> torch.nn.Module:
    """Build a detector from its config, with its weights, ready to detect."""
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(cfg.model)
    load_checkpoint(model, checkpoint)
    return model.to(device).eval()


def frames_to_do(args: argparse.Namespace) -> tuple[Path, list[str]]:
    """Image folder and the keys of the frames in it."""
    data_root = Path(args.data_root)
    root = data_root / args.img_prefix
    if args.ann_file is None:
        return root, frames_of_folder(root)
    ann_file = Path(args.ann_file)
    if not ann_file.is_file():
        ann_file = data_root / args.ann_file
    if not ann_file.is_file():
        raise FileNotFoundError(f'there is no annotation file {args.ann_file}, nor {ann_file}')
    return root, frames_of_annotations(ann_file)


def portable(node: object) -> object:
    """Return a part of a config as JSON can hold it, the same on every machine: without folders."""
    if isinstance(node, dict):
        # The weights that are used are the checkpoint's.
        return {str(key): portable(value) for key, value in node.items() if key != 'init_cfg'}
    if isinstance(node, list | tuple):
        return [portable(value) for value in node]
    if isinstance(node, str):
        return Path(node).name if os.path.isabs(node) else node
    if node is None or isinstance(node, bool | int | float):
        return node
    return getattr(node, '__qualname__', None) or str(node)


def identity(args: argparse.Namespace, cfg: Config, pipeline: list[dict]) -> dict:
    """Return what proposals are made with; those of another identity are not put together."""
    settings = json.dumps(portable([cfg.model, pipeline]), sort_keys=True)
    return dict(
        detector=Path(args.config).stem,
        config_sha256=hashlib.sha256(settings.encode()).hexdigest(),
        checkpoint_sha256=file_sha256(args.checkpoint),
        score_thr=args.score_thr,
        labels=args.labels,
    )


def make(args: argparse.Namespace) -> int:
    """Make the proposals; 0 when all frames are done."""
    register_all_modules(init_default_scope=False)

    if args.launcher != 'none':
        cuda = args.device.startswith('cuda')
        if cuda:
            init_dist(args.launcher, backend='nccl')
        else:
            torch.distributed.init_process_group('gloo')
    cfg = read_config(args.config, args.cfg_options)
    pipeline = detector_pipeline(cfg)
    root, keys = frames_to_do(args)
    if not Path(args.checkpoint).is_file():
        raise FileNotFoundError(f'there is no checkpoint {args.checkpoint}')
    meta = identity(args, cfg, pipeline)
    report = make_proposals(
        build_detector(cfg, args.checkpoint, args.device),
        pipeline,
        root,
        keys,
        args.out,
        meta,
        score_thr=args.score_thr,
        keep_labels=args.labels,
        batch_size=args.batch_size,
        workers=args.workers,
    )
    if report.broken:
        for reason in list(report.broken.values())[:MAX_LISTED]:
            print(reason, file=sys.stderr)
        print(
            f'{len(report.broken)} frames cannot be read, the others are kept in '
            f'{args.out}.parts. Mend them and call again.',
            file=sys.stderr,
        )
        return 1
    if get_dist_info()[0] == 0:
        print(f'{args.out}: {report.frames} frames, {report.proposals} proposals')
    return 0


@one_line_errors('make_proposals', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return make(parse_args(args))
