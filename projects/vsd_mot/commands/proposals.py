"""Run an MMDetection detector over a data set and store its boxes as proposals.

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

from ..datasets.proposals import (
    detector_identity,
    detector_pipeline,
    frames_of_annotations,
    frames_of_folder,
    make_proposals,
)
from ..engine.configs import read_config
from ..engine.weights import load_checkpoint
from .command_line import add_cfg_options, command_parser
from .user_errors import one_line_errors

MAX_LISTED = 20


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
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
    add_cfg_options(parser)
    parser.add_argument('--launcher', choices=['none', 'pytorch'], default='none')
    parser.add_argument('--local-rank', '--local_rank', type=int, default=0)
    return parser.parse_args(args)


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

    if options.launcher != 'none':
        cuda = options.device.startswith('cuda')
        if cuda:
            init_dist(options.launcher, backend='nccl')
        else:
            torch.distributed.init_process_group('gloo')
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
        build_detector(cfg, options.checkpoint, options.device),
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
