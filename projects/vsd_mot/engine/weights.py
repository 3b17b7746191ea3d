"""Load a checkpoint into a model: as data, never as code, and with nothing left unsaid."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import torch
from mmengine.logging import MMLogger
from mmengine.model import BaseModule
from torch import Tensor, nn

from ..errors import CheckpointError
from .checkpoint_content import state_dict_of, why_no_checkpoint
from .checkpoint_fit import compare_checkpoint, pretrained_parts
from .safe_loading import load_weights


def load_checkpoint(model: nn.Module, path: str | Path) -> dict:
    """Load a checkpoint into a model that is not to be trained, strictly.

    A part that brings weights of its own (a detector whose `init_cfg` names a file) may be absent
    from the checkpoint as a whole; it is then loaded from that file. Parts that only training
    needs are left as they are (`TrainingOnlyParts`).

    Args:
        model: The model as its config builds it, with the weights it was made with.
        path: A checkpoint of mmengine, or a plain dictionary of tensors.

    Returns:
        The checkpoint's `meta`, an empty dictionary when it has none.

    Raises:
        CheckpointError: The file is missing, damaged, or more than data; or keys are missing or
            left over, or shapes differ: all are named; or weights are not of the model's kind.
    """
    path = Path(path)
    if wrong := why_no_checkpoint(path):
        raise CheckpointError(f'the checkpoint {path} {wrong}')
    try:
        checkpoint = load_weights(path, map_location='cpu')
        weights = state_dict_of(checkpoint, path)
    except (RuntimeError, ValueError) as error:
        raise CheckpointError(str(error)) from error
    fit = compare_checkpoint(model, weights, for_training=False)
    if fit.missing or fit.mismatched or fit.unexpected:
        raise CheckpointError(
            f'{path} does not fit the model of this config ({fit.fitting} keys do): is it the '
            f'config it was trained with?\n{fit.describe()}'
        )
    _check_numbers(model, fit.weights, path)
    initialised: tuple[str, ...] = ()
    for prefix, part in pretrained_parts(model):
        absent = any(key.startswith(prefix) for key in fit.missing_pretrained)
        if prefix and absent and not prefix.startswith(initialised):
            _load_quietly(part)
            initialised += (prefix,)
    model.load_state_dict(fit.weights, strict=False)  # compared above
    return checkpoint.get('meta') or {}


def _check_numbers(model: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Refuse weights that would become others in the model.

    Raises:
        CheckpointError: Whole numbers are in place of fractions, values leave the range of the
            model's numbers, or all are 0.
    """
    own = {name: value for name, value in model.state_dict().items() if name in weights}
    fractions = {name: value for name, value in own.items() if value.is_floating_point()}
    for name, value in fractions.items():
        weight = weights[name]
        if not weight.is_floating_point() or weight.layout != torch.strided:
            kind = f'{weight.dtype}, {weight.layout}'.replace('torch.', '')
            raise CheckpointError(f'{path}: the weight {name} is {kind}; expected dense floats')
        largest = torch.finfo(value.dtype).max
        if weight.dtype.itemsize > value.dtype.itemsize and bool((weight.abs() > largest).any()):
            raise CheckpointError(f'{path}: the weight {name} leaves the range of {value.dtype}')
    if fractions and not any(bool(weights[name].float().count_nonzero()) for name in fractions):
        raise CheckpointError(f'{path}: all weights are 0: nothing was trained, or it is damaged')


def _load_quietly(part: BaseModule) -> None:
    """Load what a part's own `init_cfg` names, without MMEngine's line for every parameter."""
    logger = MMLogger.get_current_instance()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        part.init_weights()
    finally:
        logger.setLevel(level)
