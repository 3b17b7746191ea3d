"""Weights of a TorchScript archive, read as data: its programs are neither compiled nor run.

OpenAI publishes CLIP as such archives. `torch.jit.load` runs what they define for unpickling.
"""

import pickle
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import torch
from torch import Tensor

_STORAGES = {
    'FloatStorage': torch.float32,
    'DoubleStorage': torch.float64,
    'HalfStorage': torch.float16,
    'BFloat16Storage': torch.bfloat16,
    'LongStorage': torch.int64,
    'IntStorage': torch.int32,
    'ShortStorage': torch.int16,
    'CharStorage': torch.int8,
    'ByteStorage': torch.uint8,
    'BoolStorage': torch.bool,
}


class _Object:
    """Stand-in for every object of the archive's own classes: it has attributes, nothing else."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


def _rebuild(stored: Tensor, offset: int, size: tuple, stride: tuple, *_: Any) -> Tensor:
    return stored.as_strided(size, stride, offset)


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, root: PurePosixPath) -> None:
        super().__init__(archive.open(str(root / 'data.pkl')))
        self.archive, self.root = archive, root

    def find_class(self, module: str, name: str) -> Any:
        """Return what a name stands for: tensors and storages are themselves, all else is inert."""
        if (module, name) == ('torch._utils', '_rebuild_tensor_v2'):
            return _rebuild
        if module == 'torch' and name in _STORAGES:
            return _STORAGES[name]
        return _Object

    def persistent_load(self, identity: tuple) -> Tensor:
        """Return a storage, as a tensor of one dimension."""
        _, dtype, name, _, _ = identity
        content = bytearray(self.archive.read(str(self.root / 'data' / str(name))))
        return torch.frombuffer(content, dtype=dtype) if content else torch.empty(0, dtype=dtype)


def is_torchscript(path: str | Path) -> bool:
    """Whether a file is a TorchScript archive.

    Args:
        path: The file.
    """
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return _root(archive) is not None


def _root(archive: zipfile.ZipFile) -> PurePosixPath | None:
    """Return the folder that everything in a TorchScript archive lies in, None in another one."""
    names = [PurePosixPath(name) for name in archive.namelist()]
    return next((name.parent for name in names if name.name == 'constants.pkl'), None)


def torchscript_weights(path: str | Path) -> dict[str, Tensor]:
    """Read the parameters and buffers of a TorchScript archive without running anything of it.

    Args:
        path: What `torch.jit.save` wrote.

    Returns:
        The tensors on the CPU, by the keys that the loaded module's `state_dict` would have; and
        tensors that are plain attributes of modules.

    Raises:
        RuntimeError: If the archive is damaged, or of another layout.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            root = _root(archive)
            if root is None:
                raise ValueError('it has no constants.pkl')
            module = _Reader(archive, root).load()
        weights: dict[str, Tensor] = {}
        _collect(module, '', weights)
    except Exception as error:  # a damaged pickle fails in many ways
        raise RuntimeError(
            f'{path}: cannot be read as a TorchScript archive, it may be cut off: '
            f'{type(error).__name__}: {error}'
        ) from error
    return weights


def _collect(module: _Object, prefix: str, weights: dict[str, Tensor]) -> None:
    if not isinstance(module.state, dict):
        return
    for name, value in module.state.items():
        if isinstance(value, Tensor):
            weights[prefix + name] = value
        elif isinstance(value, _Object):
            _collect(value, f'{prefix}{name}.', weights)
