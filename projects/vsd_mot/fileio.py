"""Files that are whole or not there, whatever stops their writer."""

import contextlib
import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path, *, sync: bool = True) -> Iterator[Path]:
    """Give a path to write to; when the block ends, that becomes the file, all at once.

    Until then, and after an exception, the file is what it was before.

    Args:
        path: The file; missing folders are made.
        sync: Wait for the disk, so that the file is whole also after a power failure. Not worth its
            time for many small files that are checked or made again anyway.

    Yields:
        A path in the file's folder. Its name, ``.<name>.<host>-<process>.tmp``, is unlike that of
        an image and unique among the machines that share a disk.

    Raises:
        OSError: The disk is full or refuses; or the block wrote no file (FileNotFoundError).
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f'.{path.name}.{socket.gethostname()}-{os.getpid()}.tmp')
    try:
        yield partial
        if sync:
            with partial.open('rb') as file:
                os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_atomically(path: str | Path, content: bytes | str, *, sync: bool = True) -> None:
    """Write a file that appears, or changes, all at once.

    Args:
        path: The file; missing folders are made.
        content: Bytes, or text that is written as UTF-8.
        sync: As in :func:`replacing`.

    Raises:
        OSError: The file cannot be written; it is what it was before.
    """
    with replacing(path, sync=sync) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal, without holding the file in memory."""
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
