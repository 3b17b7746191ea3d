"""Train a model."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from mmengine.dist import is_main_process
from mmengine.runner import find_latest_checkpoint
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..datasets.coco_check import check_coco_datasets
from ..engine.devices import hide_gpus, use_device
from ..engine.launch import (
    check_checkpoint,
    prepare_config,
    start_process_group,
)
from ..engine.runners import build_runner
from ..errors import ConfigError, TrackingError
from ..locks import FileLock
from .user_errors import one_line_errors

parse_args = parser_of('train')


def train(options: argparse.Namespace) -> None:
    """Train as the command line says."""
    if options.gpus == 0:
        hide_gpus()
    use_device(options.device)
    register_all_modules(init_default_scope=False)
    cfg = prepare_config(options)
    if options.gpus is not None and options.gpus > 1 and options.launcher == 'none':
        raise TrackingError(f'--gpus {options.gpus} needs --launcher pytorch, see --help')
    if options.seed is not None:
        cfg.merge_from_dict({'randomness.seed': options.seed})
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
