"""What all writers share: a file appears under its name only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path
from typing import TypeVar

import numpy as np

from ...errors import OutputError
from ...fileio import temporary_beside
from ..results import FrameResult

Writer = TypeVar('Writer', bound='ResultWriter')


class ResultWriter:
    """Base of the writers.

    Everything goes to a file of this writer alone, `<name>.<random>.<suffix>.partial` beside the
    final one, which :meth:`close` completes and renames. Closing early, after Ctrl-C, an error or
    on a full disk, gives a valid file with the frames so far.

    Args:
        path: The final file.

    Attributes:
        kept: Whether the final file exists.
        remark: What of the results the file could not hold, known after closing; None when all is
            in it.

    Raises:
        OutputError: The file cannot be created.
    """

    remark: str | None = None

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.partial = temporary_beside(self.path, '.partial')
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._open()
        except OSError as error:
            raise write_error(self.path, error) from error
        self._closed = False
        self.kept = False

    def write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        """Add a frame.

        Args:
            result: Tracks of the frame.
            picture: (H, W, 3) uint8 BGR annotated picture, where the writer needs one.

        Raises:
            OutputError: It cannot be written; what was written before stays valid.
        """
        try:
            self._write(result, picture)
        except OSError as error:
            raise write_error(self.path, error) from error

    def close(self) -> Path | None:
        """Complete the file and give it its name.

        Returns:
            The file, None when there were no frames to write.

        Raises:
            OutputError: Not all of it could be written. The file is there as far as it is valid
                (see `kept`), else `partial` holds what there is.
        """
        if not self._closed:
            self._closed = True
            try:
                if self._finish():
                    os.replace(self.partial, self.path)
                    self.kept = True
                else:
                    self.partial.unlink(missing_ok=True)
                self._check()
            except OSError as error:
                raise write_error(self.path, error) from error
        return self.path if self.kept else None

    def discard(self) -> None:
        """Give up: leave nothing behind, and what had the name before as it was."""
        if not self._closed:
            self._closed = True
            with contextlib.suppress(OSError):
                self._finish()
        self.partial.unlink(missing_ok=True)

    def __enter__(self: Writer) -> Writer:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _open(self) -> None:
        """Create `self.partial`."""
        raise NotImplementedError

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        raise NotImplementedError

    def _finish(self) -> bool:
        """Complete `self.partial`; False when it holds no frames."""
        return False

    def _check(self) -> None:
        """Raise an error that was noticed while the file was completed."""


def open_frame_folder(folder: Path, suffix: str) -> None:
    """Make a folder of files that are named by their frames' numbers, without those of before.

    Args:
        folder: The folder.
        suffix: Of its files, such as ``.png``.

    Raises:
        OSError: It cannot be made, or is a link that leads elsewhere.
    """
    if folder.is_symlink():
        raise OSError(f'it is a link to {folder.resolve()}; remove it')
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if re.fullmatch(rf'\d{{6,}}{re.escape(suffix)}', path.name):
            path.unlink()


def write_error(path: Path, error: OSError) -> OutputError:
    """Return a failed write, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = 'the disk is full'
    elif error.errno == errno.EFBIG:
        why = 'the file would be larger than this system allows'
    else:
        why = error.strerror or str(error)
    return OutputError(f'{path} could not be written: {why}')
