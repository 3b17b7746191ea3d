"""Teacher features of a data set on disk, computed once."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...fileio import write_atomically
from .image_encoder import ImageEncoder

_DIGEST_BYTES = hashlib.sha256().digest_size


class TeacherStore:
    """A folder of teacher features, keyed by image content, encoder and preprocessing.

    One small file for each image, below a folder named by the encoder's fingerprint (weights and
    all that is done to a frame before them) with an ``encoder.json`` that says in words what it
    is. Another encoder or another image is another file, so nothing stale is ever read. A file, an
    array of NumPy and the SHA-256 of that, is complete when it appears (it is renamed into place),
    so that processes may write side by side.

    Args:
        folder: Where the features of all encoders lie.
        encoder: Whose features these are.
    """

    def __init__(self, folder: str | Path, encoder: ImageEncoder) -> None:
        self.folder = Path(folder) / encoder.fingerprint()
        self.embed_dims = encoder.embed_dims
        about = dict(
            name=encoder.name,
            tokens=encoder.tokens,
            resize=encoder.resize,
            size=encoder.size,
            interpolation=encoder.interpolation.value,
        )
        write_atomically(self.folder / 'encoder.json', json.dumps(about, indent=2) + '\n')

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise ValueError(f'{key!r} is no key made by LoadTeacherView')
        return self.folder / key[:2] / f'{key}.npy'

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> Tensor | None:
        """Return the tokens (L, D) float32 stored under a key.

        None where there are none, or the file is not what :meth:`put` wrote: it was cut off, its
        digest is wrong, or it was written before files had one.
        """
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        array, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
        if hashlib.sha256(array).digest() != digest:
            return None
        try:
            tokens = np.load(io.BytesIO(array), allow_pickle=False)
        except (ValueError, EOFError, MemoryError, OverflowError):  # a length that is none
            return None
        if (
            not isinstance(tokens, np.ndarray)
            or tokens.ndim != 2
            or tokens.shape[1] != self.embed_dims
            or tokens.dtype != np.float32
            or not np.isfinite(tokens).all()
        ):
            return None
        return torch.from_numpy(tokens)

    def put(self, key: str, tokens: Tensor) -> None:
        """Store tokens.

        Args:
            key: Of the image, as ``LoadTeacherView`` makes it.
            tokens: (L, D).
        """
        content = io.BytesIO()
        np.save(content, tokens.detach().float().cpu().numpy(), allow_pickle=False)
        array = content.getvalue()
        write_atomically(self._path(key), array + hashlib.sha256(array).digest())
