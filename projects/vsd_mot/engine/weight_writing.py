"""Writing files of weights, as safetensors or as PyTorch has them: the ending decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from ..errors import CheckpointError
from ..fileio import replacing
from .model_card import card_from, card_to_metadata

SAFE = '.safetensors'
ENDINGS = (SAFE, '.pth', '.pt')


def write_weights(path: str | Path, state: Mapping[str, Tensor], meta: Mapping[str, Any]) -> None:
    """Write weights with what is known of them; the file appears whole or not.

    Args:
        path: ``.safetensors``, ``.pth`` or ``.pt``.
        state: Weights by name. Where several are views of one memory, as tied weights are, each
            becomes a copy in safetensors.
        meta: Plain data; under ``card`` the entries of a
            :class:`~vsd_mot.engine.model_card.ModelCard`. In safetensors it becomes metadata.

    Raises:
        CheckpointError: The ending is another, or safetensors cannot hold a weight or an entry.
        OSError: It cannot be written.
    """
    path = Path(path)
    require_ending(path)
    if path.suffix != SAFE:
        with replacing(path) as partial:
            torch.save(dict(meta=dict(meta), state_dict=dict(state)), partial)
        return
    rest = {name: value for name, value in meta.items() if name != 'card'}
    if odd := [name for name, value in rest.items() if not _is_json(value)]:
        raise CheckpointError(f'{path}: meta.{odd[0]} is not text, numbers and lists of these')
    metadata = card_to_metadata(card_from(meta.get('card', {}), str(path)), rest)
    try:
        with replacing(path) as partial:
            save_file(_separate(state), partial, metadata=metadata)
    except (SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise CheckpointError(f'{path}: safetensors cannot hold these weights: {error}') from error


def require_ending(path: Path) -> None:
    """Refuse a name whose ending does not say how weights are written.

    Raises:
        CheckpointError: It does not.
    """
    if path.suffix not in ENDINGS:
        raise CheckpointError(f'{path}: weights are written as {", ".join(ENDINGS)}')


def plain_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a checkpoint's `meta` that any form of file can hold."""
    return {key: value for key, value in meta.items() if isinstance(key, str) and _is_json(value)}


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _separate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Give each weight memory of its own, and no more than it needs."""
    separate: dict[str, Tensor] = {}
    taken: set[int] = set()
    for name, weight in state.items():
        own = weight.detach().cpu().contiguous()
        storage = own.untyped_storage()
        if storage.data_ptr() in taken or storage.nbytes() != own.nbytes:
            own = own.clone()
        taken.add(storage.data_ptr())
        separate[name] = own
    return separate
