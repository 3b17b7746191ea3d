"""Reading checkpoints without running code that somebody hid in them.

MMEngine tries `torch.load(weights_only=True)` and, when the file holds anything that this
refuses, loads it again with `weights_only=False`: a file made to be refused is executed. Its list
of allowed names has the builtin `getattr` in it, too. `load_weights` never falls back, and allows
what MMEngine's own training checkpoints need: NumPy's plain numbers and arrays, and
`HistoryBuffer` with the names of its four statistics.

Importing this module makes MMEngine use it for every checkpoint, local or downloaded.
"""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint as host
from safetensors import safe_open
from safetensors.torch import load_file

from .checkpoint_content import as_data, check_archive, is_safetensors, why_no_checkpoint
from .downloads import download
from .model_card import meta_from_metadata

HISTORY_STATISTICS = ('current', 'max', 'mean', 'min')


class DamagedCheckpointError(RuntimeError):
    """A file that cannot be read as a checkpoint, as it would be after a broken download."""


def _history_statistic(owner: type, name: str) -> Callable:
    """Replace `getattr`, with which pickle names `HistoryBuffer`'s methods."""
    if owner is not HistoryBuffer or name not in HISTORY_STATISTICS:
        raise UnpicklingError(f'the file asks for attribute {name!r} of {owner!r}')
    return getattr(owner, name)


def _allowed() -> list:
    """Names that a checkpoint may hold beyond tensors and Python's plain containers."""
    # By these NumPy's own pickles make an array and a number; they have no public name.
    reconstruct = np.zeros(0).__reduce__()[0]
    scalar = np.float64(0).__reduce__()[0]
    numbers = 'bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64'
    return [
        HistoryBuffer,
        np.ndarray,
        np.dtype,
        slice,
        *{type(np.dtype(name)) for name in numbers.split()},
        (_history_statistic, 'builtins.getattr'),
        # NumPy 1 wrote numpy.core, NumPy 2 writes numpy._core.
        *(
            (function, f'numpy.{core}.multiarray.{name}')
            for core in ('core', '_core')
            for name, function in (('_reconstruct', reconstruct), ('scalar', scalar))
        ),
    ]


def load_weights(
    file: Any, map_location: Any = None, weights_only: bool | None = None
) -> dict[str, Any]:
    """Load a checkpoint as data, never as code.

    The arguments are those with which MMEngine calls `torch.load`.

    Args:
        file: Path or binary file object.
        map_location: As for `torch.load`.
        weights_only: Has no effect: it is always true.

    Returns:
        Content of the file.

    Raises:
        FileNotFoundError: If there is no such file.
        RuntimeError: If the file is damaged, or holds objects other than tensors, arrays, numbers,
            text and containers of these.
    """
    return _load(file, map_location=map_location, mmap=False)


def check_weights(path: str | Path) -> dict[str, Any]:
    """Make sure that :func:`load_weights` would load a file; its tensors are mapped, not copied.

    Torch's present format lists its tensors apart from their values; that list alone is read. A
    file in the format before torch 1.6 has no such list and is read as a whole.

    Args:
        path: The file.

    Returns:
        Content of the file.

    Raises:
        FileNotFoundError: As `load_weights`.
        RuntimeError: As `load_weights`.
    """
    return _load(path, map_location='cpu', mmap=zipfile.is_zipfile(path))


def _load(file: Any, *, map_location: Any, mmap: bool) -> dict[str, Any]:
    if isinstance(file, str | os.PathLike) and (wrong := why_no_checkpoint(file)):
        if not os.path.exists(file):
            raise FileNotFoundError(f'{file}: {wrong}')
        raise DamagedCheckpointError(f'{file}: {wrong}')
    try:
        if is_safetensors(file):
            content, mmap = _load_safetensors(file, map_location), False
        else:
            if not mmap:
                check_archive(file)
            with torch.serialization.safe_globals(_allowed()):
                content = torch.load(file, map_location=map_location, weights_only=True, mmap=mmap)
    except UnpicklingError as error:
        # Between a general remark and a link, torch says what it did not like.
        remarks = [line for line in str(error).splitlines() if line.strip()]
        raise RuntimeError(
            f'{file}: is no checkpoint, or one that holds more than tensors and plain data, and '
            'was not loaded, since loading it could run code that is in it. If you trust where it '
            'comes from, write a copy with the weights alone: '
            "torch.save({'state_dict': torch.load(FILE, weights_only=False)['state_dict']}, COPY). "
            f'What was refused: {" ".join(remarks[1:-1])}'
        ) from error
    except Exception as error:
        # Torch's readers fail in many ways on files that are cut off or of another kind.
        raise DamagedCheckpointError(
            f'{file}: cannot be read as a checkpoint, it may be cut off: '
            f'{type(error).__name__}: {error}. Copy or download it again'
        ) from error
    try:
        return as_data(content, values=not mmap)
    except ValueError as error:
        raise DamagedCheckpointError(f'{file}: {error}') from error


def _load_safetensors(file: str | os.PathLike, map_location: Any) -> dict[str, Any]:
    weights = _place(load_file(file), map_location)
    with safe_open(file, 'pt') as opened:
        meta = meta_from_metadata(opened.metadata(), str(file))
    return weights if meta is None else dict(state_dict=weights, meta=meta)


def _place(weights: dict[str, torch.Tensor], map_location: Any) -> dict[str, torch.Tensor]:
    """Bring weights to where `map_location`, as for `torch.load`, wants them."""
    if isinstance(map_location, dict):
        map_location = map_location.get('cpu')
    if map_location is None or callable(map_location):
        return weights
    return {name: weight.to(map_location) for name, weight in weights.items()}


def load_url_weights(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
) -> dict[str, Any]:
    """Download a checkpoint once into a cache folder and load it as data, never as code.

    The arguments are those of the function of MMEngine that it replaces.

    Args:
        url: Address of the file.
        model_dir: Cache folder, torch.hub's by default.
        map_location: As for `torch.load`.
        progress: Whether to show a progress bar.
        check_hash: Whether the file's name must begin its SHA256 hash.
        file_name: Name in the cache folder, by default the last part of `url`.

    Returns:
        Content of the file.

    Raises:
        DownloadError: The file could not be downloaded whole.
        RuntimeError: As `load_weights`. A file that is damaged does not stay in the cache.
    """
    folder = model_dir or os.path.join(torch.hub.get_dir(), 'checkpoints')
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, file_name or os.path.basename(url.split('?')[0]))
    if not os.path.exists(path):
        match = torch.hub.HASH_REGEX.search(os.path.basename(path)) if check_hash else None
        download(url, path, sha256=match and match.group(1), progress=progress)
    try:
        return load_weights(path, map_location)
    except DamagedCheckpointError as error:
        os.unlink(path)
        raise RuntimeError(f'{error} (it was removed from the cache: try again)') from error


# Its loaders of local, http, torchvision and open-mmlab addresses all end in these two.
host._safe_torch_load = load_weights
host.load_url = load_url_weights
