"""What training and testing share: config, checkpoint, processes."""

import argparse
import os
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.dist import is_distributed

from ..errors import CheckpointError, TrackingError
from ..processes import die_with_parent
from .checkpoint_content import check_resumable, state_dict_of, why_no_checkpoint
from .configs import read_config
from .safe_loading import check_weights


def prepare_config(args: argparse.Namespace) -> Config:
    """Read the config and apply the command line to it.

    Args:
        args: Holds `config`, `cfg_options`, `work_dir`, `launcher` and `local_rank`.

    Returns:
        The config, with `launcher` and `work_dir` set.

    Raises:
        ConfigError: If there is no such config, it cannot be read, or the settings do not fit it.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    cfg = read_config(args.config, args.cfg_options)
    cfg.launcher = args.launcher
    if args.work_dir is not None:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = str(Path('work_dirs') / Path(args.config).stem)
    return cfg


def check_checkpoint(path: str | None, *, resume: bool = False) -> None:
    """Refuse a wrong checkpoint before data are loaded; MMEngine reads its weights later.

    Args:
        path: The file; addresses, such as http:// and open-mmlab://, are left to MMEngine.
        resume: Whether a training is to go on from it.

    Raises:
        CheckpointError: If the file does not exist, is damaged, holds more than data, or weights
            alone where a training is to go on.
    """
    if path is None or '://' in path:
        return
    file = os.path.expanduser(path)
    if wrong := why_no_checkpoint(file):
        raise CheckpointError(f'the checkpoint {path} {wrong}')
    try:
        content = check_weights(file)
        state_dict_of(content, path)
        if resume:
            check_resumable(content, path)
    except (RuntimeError, ValueError) as error:
        raise CheckpointError(str(error)) from error


def start_process_group(cfg: Config) -> None:
    """Join this process with the others of its launcher: NCCL on GPUs, Gloo on CPUs.

    MMEngine itself can do so on GPUs alone. On CPUs the group is started here, which MMEngine then
    uses, and the wrapper that sums up gradients gets no list of devices.

    Args:
        cfg: The config; its `env_cfg.dist_cfg.backend` and `model_wrapper_cfg` are adapted.

    Raises:
        TrackingError: If the processes were not started by the launcher `pytorch`, or on the CPU,
            if the launcher is neither that nor `none`.
    """
    if cfg.launcher == 'none':
        return
    if cfg.launcher == 'pytorch' and 'RANK' not in os.environ:
        raise TrackingError(
            '--launcher pytorch needs a launcher: '
            'torchrun --nproc_per_node=2 tools/train.py CONFIG --launcher pytorch'
        )
    die_with_parent()  # torchrun itself may be killed
    if torch.cuda.is_available():
        return
    if cfg.launcher != 'pytorch':
        raise TrackingError(
            f'--launcher {cfg.launcher} needs GPUs, and this machine shows none; '
            'use --launcher pytorch on CPUs'
        )
    if not is_distributed():
        torch.distributed.init_process_group('gloo')
    wrapper = cfg.get('model_wrapper_cfg') or dict(
        type='MMDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    cfg.model_wrapper_cfg = dict(wrapper, device_ids=None)
