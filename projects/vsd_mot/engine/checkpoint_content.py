"""What a checkpoint's content may be once it is read: text stays text, and every part has its form.

MMEngine's `Runner.resume` runs `meta['config']`, the text of a config in Python, to learn how many
GPUs a training had. Nothing else of it is used, and nothing of it is needed to go on.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

# Entries of `meta` that hold a program.
PROGRAMS = ('config', 'cfg')
PICKLES_AND_ARCHIVES = (b'\x80\x02', b'\x80\x03', b'\x80\x04', b'\x80\x05', b'PK')


# How files begin that are taken for checkpoints, and what to do about them.
FOREIGN_BEGINNINGS = (
    (b'<', 'is a page in HTML or XML, which servers send in place of a file: download it again'),
    (b'version https://git-lfs', "is Git LFS's pointer to the file: `git lfs pull` fetches it"),
    (b'\x1f\x8b', 'is compressed by gzip: unpack it first'),
    (b'BZh', 'is compressed by bzip2: unpack it first'),
    (b'\xfd7zXZ', 'is compressed by xz: unpack it first'),
    (b'\x28\xb5\x2f\xfd', 'is compressed by zstd: unpack it first'),
    (b'7z\xbc\xaf', 'is compressed by 7z: unpack it first'),
    (bytes(8), 'begins with zeros, so it was not written to its end: copy or download it again'),
    (b'\x89HDF', 'is HDF5, as Keras writes it; expected weights of PyTorch'),
)


def why_no_checkpoint(path: str | os.PathLike) -> str | None:
    """Say what stands at a path in place of a file of weights, by the way it begins.

    Args:
        path: Of the file; a pipe or device is not opened.

    Returns:
        As 'is empty', to follow the path; None where it may be weights.
    """
    if not os.path.lexists(path):
        return 'does not exist'
    if not os.path.exists(path):
        return 'is a link that leads nowhere'
    if os.path.isdir(path):
        return 'is a folder; expected a file of weights'
    if not os.path.isfile(path):
        return 'is a pipe, socket or device; expected a file of weights'
    with open(path, 'rb') as opened:
        head = opened.read(64)
    if not head:
        return 'is empty: copy or download it again'
    for beginning, what in FOREIGN_BEGINNINGS:
        if head.lstrip(b'\xef\xbb\xbf \r\n\t').startswith(beginning):
            return what
    return None


def is_safetensors(file: Any) -> bool:
    """Whether a file has the form of safetensors, a length and then JSON, whole or damaged."""
    if not isinstance(file, str | os.PathLike) or not os.path.isfile(file):
        return False
    with open(file, 'rb') as opened:
        head = opened.read(9)
    if head.startswith(PICKLES_AND_ARCHIVES):
        return False
    return os.fspath(file).endswith('.safetensors') or head[8:] == b'{'


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


def state_dict_of(content: Any, path: str | Path) -> dict[str, Tensor]:
    """Return the weights in the content of a checkpoint, by their names.

    Args:
        content: What the file holds: the weights, or a dictionary with them as `state_dict`.
        path: For the message.

    Raises:
        ValueError: There are none.
    """
    if not isinstance(content, Mapping):
        raise ValueError(f'{path} holds a {type(content).__name__}, not a state dict')
    weights = content.get('state_dict', content)
    if (
        not isinstance(weights, Mapping)
        or not weights
        or not all(isinstance(value, Tensor) for value in weights.values())
    ):
        raise ValueError(f'{path} holds no state dict: {sorted(map(str, content))[:8]}')
    return {str(key): value for key, value in weights.items()}


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
