"""Teacher features of a data set on disk, computed once."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...fileio import write_atomically
from .image_encoder import ImageEncoder


class TeacherStore:
    """A folder of teacher features, keyed by image content, encoder and preprocessing.

    One small file for each image, below a folder named by the encoder's fingerprint (weights and
    all that is done to a frame before them) with an ``encoder.json`` that says in words what it
    is. Another encoder or another image is another file, so nothing stale is ever read. A file is
    complete when it appears (it is renamed into place), so that processes may write side by side.

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
        return self._path(key).is_file()

    def get(self, key: str) -> Tensor | None:
        """Return the tokens (L, D) float32 stored under a key, or None."""
        path = self._path(key)
        try:
            tokens = np.load(path, allow_pickle=False)
        except (FileNotFoundError, ValueError, EOFError):  # not there, or cut off by a full disk
            return None
        if tokens.ndim != 2 or tokens.shape[1] != self.embed_dims or tokens.dtype != np.float32:
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
        write_atomically(self._path(key), content.getvalue())
