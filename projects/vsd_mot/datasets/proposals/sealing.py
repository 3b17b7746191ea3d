"""Files that end with the digest of their content, so that a flipped bit does not pass for data."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

SEAL_BYTES = hashlib.sha256().digest_size


def seal(path: str | Path) -> None:
    """Append the SHA-256 of all that a file holds.

    Raises:
        OSError: It cannot be read or written.
    """
    digest = _digest(path, os.path.getsize(path))
    with open(path, 'ab') as file:
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())


def is_sealed(path: str | Path) -> bool:
    """Whether the last bytes of a file are the digest of those before, as :func:`seal` left them.

    Raises:
        OSError: It cannot be read.
    """
    length = os.path.getsize(path) - SEAL_BYTES
    if length < 0:
        return False
    with open(path, 'rb') as file:
        file.seek(length)
        return file.read() == _digest(path, length)


def _digest(path: str | Path, length: int) -> bytes:
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while length and (block := file.read(min(length, 1 << 20))):
            digest.update(block)
            length -= len(block)
    return digest.digest()
