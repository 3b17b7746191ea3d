"""Train a model.

python tools/train.py configs/motrv2/CONFIG.py --work-dir work_dirs/first
mim train vsd_mot configs/motrv2/CONFIG.py --gpus 0
torchrun --nproc_per_node=2 tools/train.py configs/motrv2/CONFIG.py --launcher pytorch
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from mmengine.dist import is_main_process
from mmengine.runner import find_latest_checkpoint
from mmtrack.utils import register_all_modules

from ..datasets.coco_check import check_coco_datasets
from ..engine.launch import (
    add_common_arguments,
    check_checkpoint,
    hide_gpus,
    prepare_config,
    start_process_group,
)
from ..engine.runners import build_runner
from ..errors import ConfigError, TrackingError
from ..locks import FileLock
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CHECKPOINT',
        help='go on from this checkpoint, or from the last one in the work folder',
    )
    parser.add_argument('--amp', action='store_true', help='train in mixed precision')
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help="scale the learning rate from the config's batch size to the one of this training",
    )
    parser.add_argument(
        '--device', choices=['auto', 'cpu'], default='auto', help='cpu: leave GPUs alone'
    )
    parser.add_argument('--gpus', type=int, help='0: leave GPUs alone; above 1: see --launcher')
    add_common_arguments(parser)
    return parser.parse_args(args)


def train(options: argparse.Namespace) -> None:
    """Train as the command line says."""
    if options.device == 'cpu' or options.gpus == 0:
        hide_gpus()
    register_all_modules(init_default_scope=False)
    cfg = prepare_config(options)
    if options.gpus is not None and options.gpus > 1 and options.launcher == 'none':
        raise TrackingError(f'--gpus {options.gpus} needs --launcher pytorch, see --help')
    if options.amp:
        # With its scope: that of detectors, mmdet, finds MMEngine's, which refuses the CPU.
        cfg.optim_wrapper.type = 'mmtrack.AmpOptimWrapper'
        cfg.optim_wrapper.setdefault('loss_scale', 'dynamic')
    if options.auto_scale_lr:
        if 'base_batch_size' not in cfg.get('auto_scale_lr', {}):
            raise ConfigError(
                f'--auto-scale-lr: {options.config} has no auto_scale_lr=dict(base_batch_size=...)'
            )
        cfg.auto_scale_lr.enable = True
    if options.resume == 'auto':
        # Without a checkpoint to resume from, `load_from` stays what the config says.
        last = find_latest_checkpoint(cfg.work_dir)
        if last is not None:
            cfg.load_from, cfg.resume = last, True
    elif options.resume is not None:
        cfg.load_from, cfg.resume = options.resume, True
    check_checkpoint(cfg.get('load_from'), resume=bool(cfg.get('resume')))
    check_coco_datasets([cfg.get('train_dataloader'), cfg.get('val_dataloader')])

    start_process_group(cfg)
    with contextlib.ExitStack() as stack:
        if is_main_process():
            lock = Path(cfg.work_dir) / '.train.lock'
            stack.enter_context(FileLock(lock, f'the work folder {cfg.work_dir}'))
        build_runner(cfg).train()


@one_line_errors('train')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    train(parse_args(args))
