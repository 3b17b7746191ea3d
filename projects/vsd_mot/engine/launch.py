"""What `tools/train.py` and `tools/test.py` share: arguments, config, processes."""

import argparse
import os
from pathlib import Path

import torch
from mmengine.config import Config, DictAction
from mmengine.dist import is_distributed


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that training and testing have in common.

    Args:
        parser: Receives them.
    """
    parser.add_argument('--work-dir', help='folder for logs, checkpoints and results')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        help='settings that override the config: key=value, a.b.c=value, key="[1,2]"',
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
        help='how the processes were started: pytorch for torchrun and torch.distributed.launch',
    )
    # torch.distributed.launch sends --local-rank from torch 2.0 on, --local_rank before.
    parser.add_argument(
        '--local-rank', '--local_rank', type=int, default=0, help='set by the launcher'
    )


def prepare_config(args: argparse.Namespace) -> Config:
    """Reads the config and applies the common arguments to it.

    Args:
        args: Holds `config` and what `add_common_arguments` adds.

    Returns:
        The config, with `launcher` and `work_dir` set.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    cfg = Config.fromfile(args.config)
    cfg.launcher = args.launcher
    if args.cfg_options is not None:
        cfg.merge_from_dict(args.cfg_options)
    if args.work_dir is not None:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = str(Path('work_dirs') / Path(args.config).stem)
    return cfg


def start_process_group(cfg: Config) -> None:
    """Joins this process with the others of its launcher: NCCL on GPUs, Gloo on CPUs.

    MMEngine itself can do so on GPUs alone. On CPUs the group is started here, which MMEngine then
    uses, and the wrapper that sums up gradients is told that there are no devices to name.

    Args:
        cfg: The config; its `env_cfg.dist_cfg.backend` and `model_wrapper_cfg` are adapted.

    Raises:
        ValueError: On the CPU, if the launcher is neither `none` nor `pytorch`.
        RuntimeError: If the processes were not started by the launcher.
    """
    if cfg.launcher == 'none' or torch.cuda.is_available():
        return
    if cfg.launcher != 'pytorch':
        raise ValueError(
            f'--launcher {cfg.launcher} needs GPUs, and none is to be seen here; '
            'use --launcher pytorch on CPUs'
        )
    if 'RANK' not in os.environ:
        raise RuntimeError(
            '--launcher pytorch needs a launcher: '
            'torchrun --nproc_per_node=2 tools/train.py CONFIG --launcher pytorch'
        )
    if not is_distributed():
        torch.distributed.init_process_group('gloo')
    wrapper = cfg.get('model_wrapper_cfg') or dict(
        type='MMDistributedDataParallel',
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )
    cfg.model_wrapper_cfg = dict(wrapper, device_ids=None)
