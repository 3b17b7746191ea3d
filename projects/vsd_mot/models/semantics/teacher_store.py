"""Teacher features of a data set on disk, computed once."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .image_encoder import ImageEncoder


def image_key(image: np.ndarray) -> str:
    """Digest of an image's pixels and size.

    Args:
        image (np.ndarray): (h, w, 3) uint8.

    Returns:
        str: 32 hexadecimal digits.
    """
    digest = hashlib.blake2b(repr(image.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()


class TeacherStore:
    """A folder of teacher features, keyed by image content, encoder and preprocessing.

    One small file for each image, below a folder named by the encoder's fingerprint (weights and
    all that is done to a frame before them) with an ``encoder.json`` that says in words what it
    is. Another encoder or another image is another file, so nothing stale is ever read. A file is
    complete when it appears (it is renamed into place), so that processes may write side by side.

    Args:
        folder (str | Path): Where the features of all encoders lie.
        encoder (ImageEncoder): Whose features these are.
    """

    def __init__(self, folder: str | Path, encoder: ImageEncoder) -> None:
        self.folder = Path(folder) / encoder.fingerprint()
        self.embed_dims = encoder.embed_dims
        self.folder.mkdir(parents=True, exist_ok=True)
        about = dict(
            name=encoder.name,
            tokens=encoder.tokens,
            resize=encoder.resize,
            size=encoder.size,
            interpolation=encoder.interpolation.value,
        )
        _write_atomically(
            self.folder / 'encoder.json', json.dumps(about, indent=2).encode() + b'\n'
        )

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise ValueError(f'{key!r} is no key made by image_key')
        return self.folder / key[:2] / f'{key}.npy'

    def __contains__(self, key: str) -> bool:
        return self._path(key).is_file()

    def get(self, key: str) -> Tensor | None:
        """The tokens (L, D) float32 stored under a key, or None."""
        try:
            tokens = np.load(self._path(key), allow_pickle=False)
        except (FileNotFoundError, ValueError, EOFError):  # not there, or cut off by a full disk
            return None
        if tokens.ndim != 2 or tokens.shape[1] != self.embed_dims or tokens.dtype != np.float32:
            return None
        return torch.from_numpy(tokens)

    def put(self, key: str, tokens: Tensor) -> None:
        """Store tokens.

        Args:
            key (str): Of the image, by ``image_key``.
            tokens (Tensor): (L, D).
        """
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        _write_atomically(path, tokens.detach().float().cpu().numpy())


def _write_atomically(path: Path, content: bytes | np.ndarray) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f'.{path.name}.')
    try:
        with os.fdopen(handle, 'wb') as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                np.save(file, content, allow_pickle=False)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
