"""What `tools/train.py` and `tools/test.py` share: arguments, config, processes."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from mmengine import config as host
from mmengine.config import Config
from mmengine.dist import is_distributed

from ..errors import CheckpointError, TrackingError
from .checkpoint_content import check_resumable
from .configs import read_config
from .safe_loading import check_weights


class DictAction(host.DictAction):
    """MMEngine's, which takes what is no setting for an error of the command line."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Sequence[str],
        option_string: str | None = None,
    ) -> None:
        """Add settings to those of earlier options.

        Args:
            parser: Ends the program where a setting cannot be understood.
            namespace: Receives them.
            values: As 'key=value'.
            option_string: The option, as it was written.
        """
        for value in values:
            key, equals, _ = value.partition('=')
            if not key or not equals:
                parser.error(
                    f'{option_string}: {value!r} is no setting, write key=value or a.b.c=value, '
                    'without spaces around the ='
                )
        try:
            super().__call__(parser, namespace, values, option_string)
        except AssertionError as error:  # brackets that are not closed
            parser.error(f'{option_string}: {error}')


def hide_gpus() -> None:
    """Leave GPUs alone: begin this process again without them, where there are any.

    MMEngine and torch look for GPUs once, when they are imported, so this is too late to hide them
    from this process.
    """
    if torch.cuda.is_available():
        os.environ['CUDA_VISIBLE_DEVICES'] = '-1'
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that training and testing have in common.

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
    """Read the config and apply the common arguments to it.

    Args:
        args: Holds `config` and what `add_common_arguments` adds.

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
    if not os.path.isfile(file):
        raise CheckpointError(f'the checkpoint {path} does not exist')
    try:
        content = check_weights(file)
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
