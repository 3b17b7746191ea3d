"""Files that are on this machine already, such as a local mirror's, checked as downloads are."""

from __future__ import annotations

import shutil
from pathlib import Path

from ...errors import DownloadError
from ...fileio import file_sha256, replacing


def checked_sha256(path: str | Path, *, sha256: str | None, size: int | None) -> str:
    """Make sure that a file is the one that is expected.

    Args:
        path: The file.
        sha256: Its digest, hexadecimal, or the beginning of it; None where it is not known.
        size: Its bytes; None where they are not known.

    Returns:
        Its SHA-256, hexadecimal.

    Raises:
        DownloadError: It is another file.
        OSError: It cannot be read.
    """
    path = Path(path)
    if size is not None and path.stat().st_size != size:
        raise DownloadError(
            f'{path} is not the file that is expected: it has {path.stat().st_size} bytes, '
            f'not {size}; it may be cut off'
        )
    digest = file_sha256(path)
    if not digest.startswith((sha256 or '').lower()):
        raise DownloadError(
            f'{path} is not the file that is expected: its SHA-256 begins with {digest[:16]}, '
            f'not {(sha256 or "")[:16]}'
        )
    return digest


def copy_file(source: str | Path, path: str | Path, *, sha256: str | None, size: int | None) -> str:
    """Copy a file that is the one that is expected; it appears under its name when it is whole.

    Args:
        source: The file.
        path: Where to.
        sha256: As for :func:`checked_sha256`.
        size: As for :func:`checked_sha256`.

    Returns:
        Its SHA-256, hexadecimal.

    Raises:
        DownloadError: It is another file.
        OSError: It cannot be read or written.
    """
    with replacing(path) as partial:
        shutil.copyfile(source, partial)
        try:
            return checked_sha256(partial, sha256=sha256, size=size)
        except DownloadError as error:
            raise DownloadError(str(error).replace(str(partial), str(source))) from None
