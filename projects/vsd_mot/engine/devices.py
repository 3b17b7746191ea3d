"""The device that a command runs on, from what its `--device` says."""

from __future__ import annotations

import os
import sys

import torch

from ..errors import ConfigError


def device_name(wanted: str | None) -> str:
    """Return the name of the device to run on.

    Args:
        wanted: 'cpu', 'cuda', 'cuda:1' ...; None takes a GPU where there is one.

    Raises:
        ConfigError: It is none that torch knows, or is not in this machine.
    """
    if wanted is None:
        return 'cuda' if torch.cuda.is_available() else 'cpu'
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise ConfigError(f"--device {wanted}: write 'cpu', 'cuda' or 'cuda:1'") from error
    if device.type == 'cuda' and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigError(f'--device {wanted}: torch sees {torch.cuda.device_count()} GPUs here')
    return wanted


def use_device(wanted: str | None) -> None:
    """Make MMEngine's runner take a device: it always takes torch's current GPU, or the CPU.

    Args:
        wanted: As of :func:`device_name`; 'auto' is None.

    Raises:
        ConfigError: As of :func:`device_name`.
    """
    if wanted in (None, 'auto'):
        return
    name = device_name(wanted)
    if name == 'cpu':
        hide_gpus()
    elif ':' in name:
        torch.cuda.set_device(name)


def hide_gpus() -> None:
    """Leave GPUs alone: begin this process again without them, where there are any.

    MMEngine and torch look for GPUs once, when they are imported, so this is too late to hide them
    from this process.
    """
    if torch.cuda.is_available():
        os.environ['CUDA_VISIBLE_DEVICES'] = '-1'
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
