"""Annotated frames as pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ...errors import OutputError
from ...fileio import write_atomically
from ..results import FrameResult
from .base import ResultWriter, open_frame_folder


class PictureWriter(ResultWriter):
    """Every n-th annotated frame as a JPEG named by its frame's number.

    Args:
        path: The folder, made when it is missing.
        every: 1 writes all frames, 10 writes the 1st, 11th, 21st ...
    """

    def __init__(self, path: str | Path, every: int = 1) -> None:
        self.every = every
        self._count = 0
        super().__init__(path)

    def _open(self) -> None:
        open_frame_folder(self.path, '.jpg')

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if result.index % self.every:
            return
        if picture is None:
            raise OutputError(f'{self.path}: frame {result.number} has no picture to write')
        encoded = cv2.imencode('.jpg', picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
        file = self.path / f'{result.number:06d}.jpg'
        write_atomically(file, encoded.tobytes(), sync=False)
        self._count += 1

    def close(self) -> Path | None:
        """Return the folder, None when no picture was written."""
        self.kept = self._count > 0
        return self.path if self.kept else None
