"""Reading checkpoints of other projects: weights only, in the places where they keep them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..safe_loading import load_weights
from ..torchscript_weights import is_torchscript, torchscript_weights


class ConversionError(ValueError):
    """The checkpoint is not what the converter was made for."""


def read_content(path: str | Path) -> Any:
    """Read a checkpoint, weights only: a TorchScript archive is read as data, too.

    Args:
        path: The file.

    Raises:
        ConversionError: No file, no checkpoint, or one that holds more than data.
    """
    path = Path(path)
    if not path.is_file():
        raise ConversionError(f'{path}: no such file. Download the checkpoint first')
    try:
        if is_torchscript(path):
            return torchscript_weights(path)
        # the published ones hold the command line they were trained with
        with torch.serialization.safe_globals([argparse.Namespace]):
            return load_weights(str(path), map_location='cpu')
    except RuntimeError as error:
        raise ConversionError(str(error)) from error


def weights_in(content: Any, path: str | Path) -> dict[str, Tensor]:
    """Find the state dict in the content of a checkpoint.

    Args:
        content: A state dict, or a dictionary with one under ``state_dict`` or ``model``.
        path: For messages.

    Raises:
        ConversionError: There is none.
    """
    for name in ('state_dict', 'model'):
        if isinstance(content, dict) and isinstance(content.get(name), dict):
            content = content[name]
            break
    if not isinstance(content, dict) or not content:
        raise ConversionError(f'{path}: holds no state dict, plain or under "state_dict", "model"')
    tensors = {key: value for key, value in content.items() if isinstance(value, Tensor)}
    if len(tensors) != len(content):
        others = [str(key) for key in content if key not in tensors]
        raise ConversionError(
            f'{path}: {", ".join(others[:5])} are no tensors. A state dict is expected, plain or '
            'under "state_dict" or "model"'
        )
    return tensors


def read_checkpoint(path: str | Path) -> dict[str, Tensor]:
    """Read a state dict from a checkpoint, weights only.

    Args:
        path: The file: a state dict, or a dictionary with one under ``state_dict`` or ``model``.

    Returns:
        Key to tensor. The prefix ``module.`` of data-parallel training is taken off.

    Raises:
        ConversionError: No file, no checkpoint, or one that holds more than data.
    """
    weights = weights_in(read_content(path), path)
    return {key.removeprefix('module.'): value for key, value in weights.items()}
