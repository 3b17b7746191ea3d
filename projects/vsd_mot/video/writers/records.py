"""A text file that holds whole records only, also after a failed write."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ...fileio import open_new


class RecordFile:
    """Appends records to a file; a record that does not fit is taken back completely.

    Unbuffered: `append` returns when the system has the bytes, so a killed process loses nothing.

    Args:
        path: The file, made anew.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_new(path)
        self._whole = 0  # bytes up to the end of the last whole record

    def append(self, record: str) -> None:
        """Append a record.

        Raises:
            OSError: It could not be written; the file ends with the record before it.
        """
        data = memoryview(record.encode())
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError:
            self._take_back()
            raise
        self._whole += len(record.encode())

    def _take_back(self) -> None:
        with contextlib.suppress(OSError):  # a device has no length; the first error is the story
            self._file.truncate(self._whole)
            self._file.seek(self._whole)

    def close(self) -> None:
        """Close the file, its bytes on the disk."""
        if not self._file.closed:
            with contextlib.suppress(OSError):  # pipes and devices cannot be synced
                os.fsync(self._file.fileno())
            self._file.close()
