"""What a checkpoint's content may be once it is read: text stays text, and every part has its form.

MMEngine's `Runner.resume` runs `meta['config']`, the text of a config in Python, to learn how many
GPUs a training had. Nothing else of it is used, and nothing of it is needed to go on.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

# Entries of `meta` that hold a program.
PROGRAMS = ('config', 'cfg')
MAX_HEADER_BYTES = 100 << 20  # the limit of the safetensors library itself


def is_safetensors(file: Any) -> bool:
    """Whether a file has the form of safetensors: a length, then a header in JSON."""
    if not isinstance(file, str | os.PathLike) or not os.path.isfile(file):
        return False
    with open(file, 'rb') as opened:
        length = int.from_bytes(opened.read(8), 'little')
        if not 2 <= length <= min(MAX_HEADER_BYTES, os.path.getsize(file) - 8):
            return False
        header = opened.read(length)
    try:
        return header.startswith(b'{') and isinstance(json.loads(header), dict)
    except (ValueError, RecursionError):
        return False


def check_archive(file: Any) -> None:
    """Refuse a checkpoint whose bytes are not those that were written, which torch does not notice.

    Args:
        file: Path or file object; what is no zip archive has no check sums.

    Raises:
        ValueError: If the check sum of an entry is wrong.
    """
    if not isinstance(file, str | os.PathLike) or not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as archive:
        damaged = archive.testzip()
    if damaged is not None:
        raise ValueError(f'its part {damaged} is damaged (check sum): copy or download it again')


def as_data(content: Any, *, values: bool = True) -> Any:
    """Check the parts of a checkpoint, and leave out the programs that some hosts would run.

    Args:
        content: What the file holds.
        values: Whether to look at the values of the weights, which reads all of the file.

    Returns:
        `content`; where its `meta` has a config, a copy without it.

    Raises:
        ValueError: If `state_dict` or `meta` are not what their names say, or weights are not
            finite.
    """
    if not isinstance(content, Mapping):
        return content
    state = content.get('state_dict', {})
    if not isinstance(state, Mapping) or not all(isinstance(key, str) for key in state):
        raise ValueError(
            f'its state_dict is a {type(state).__name__}; expected weights by their names'
        )
    for name, weight in _weights(content):
        if weight.is_sparse or weight.is_meta:
            raise ValueError(
                f'the weight {name} is sparse or without values; models have dense ones'
            )
        if weight.is_complex():
            raise ValueError(f'the weight {name} is complex; models here have real ones')
        if (
            values
            and weight.is_floating_point()
            and not name.endswith('mask')
            and not _is_finite(weight)
        ):
            raise ValueError(
                f'the weight {name} is not finite: the training that wrote it has diverged, or '
                'the file is damaged. Take an earlier checkpoint'
            )
    if 'meta' not in content:
        return content
    meta = content['meta']
    if isinstance(meta, Tensor):  # a model's own weight of that name
        return content
    if meta is not None and not isinstance(meta, Mapping):
        raise ValueError(f'its meta is a {type(meta).__name__}; expected a dictionary')
    data = {key: value for key, value in (meta or {}).items() if key not in PROGRAMS}
    return {**content, 'meta': data}


def check_resumable(content: Any, path: str | Path) -> None:
    """Refuse a file of weights alone, from which a training cannot go on.

    Args:
        content: What the file holds.
        path: For the message.

    Raises:
        ValueError: If it does not say where the training was.
    """
    meta = content.get('meta') if isinstance(content, Mapping) else None
    needed = ('epoch', 'iter')
    ok = isinstance(meta, Mapping) and all(
        isinstance(meta.get(key), int) and meta[key] >= 0 for key in needed
    )
    if not ok or not isinstance(content.get('message_hub'), Mapping):
        raise ValueError(
            f'{path} holds weights, but not where its training was (meta with epoch and iter, '
            'message_hub): to begin a new training with them, use '
            '--cfg-options load_from=FILE in place of --resume'
        )


def _is_finite(weight: Tensor) -> bool:
    exact = weight if weight.element_size() > 1 else weight.float()  # torch cannot ask 8-bit floats
    return bool(torch.isfinite(exact).all())


def _weights(content: Mapping) -> Iterator[tuple[str, Tensor]]:
    state = content.get('state_dict', content)
    for name, weight in state.items():
        if isinstance(weight, Tensor) and not weight.is_quantized:
            yield str(name), weight
