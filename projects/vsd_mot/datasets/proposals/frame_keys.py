"""Names of frames that are the same on every system."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_DRIVE = re.compile(r'^[A-Za-z]:')


def frame_key(path: str) -> str:
    """Name a frame by its path relative to the root of its data set.

    Back slashes become slashes and ``.`` parts go, so that a proposal file made on one system is
    read on any other: ``'MOT17-02\\img1\\000001.jpg'`` and ``'./MOT17-02/img1/000001.jpg'`` are
    both ``'MOT17-02/img1/000001.jpg'``.

    Args:
        path: Path of an image, relative to the data set's image folder, as in ``file_name``
            of an annotation file.

    Returns:
        The key, a relative POSIX path.

    Raises:
        ValueError: If the path is empty, absolute or leaves its root (``..``).
    """
    posix = path.replace('\\', '/')
    parts = [part for part in posix.split('/') if part not in ('', '.')]
    if not parts or posix.startswith('/') or _DRIVE.match(posix) or '..' in parts:
        raise ValueError(
            f'{path!r} cannot name a frame: a frame is named by its path relative to the image '
            "folder of its data set, such as 'MOT17-02/img1/000001.jpg'"
        )
    if any(ord(char) < 32 for char in posix):
        raise ValueError(f'{path!r} cannot name a frame: it has control characters in it')
    return str(PurePosixPath(*parts))
