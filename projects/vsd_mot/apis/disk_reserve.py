"""Space kept back, so that files can be completed when the disk is full."""

from __future__ import annotations

import os
from pathlib import Path

from ..fileio import open_new

RESERVE_BYTES = 8 << 20


class DiskReserve:
    """Space kept back on the disk, so that files can be completed when it is full.

    Args:
        path: A file that holds the space until it is released.
        size: Bytes.

    Raises:
        OSError: There is not that much space.
    """

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self.path = path
        try:
            with open_new(path) as file:
                if hasattr(os, 'posix_fallocate'):
                    os.posix_fallocate(file.fileno(), 0, size)
                else:
                    file.write(bytes(size))
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Give the space back."""
        self.path.unlink(missing_ok=True)
