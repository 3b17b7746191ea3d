"""Files that are whole or not there, whatever stops their writer, and names that are only names."""

import contextlib
import errno
import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# What file systems allow a name, and what results and temporaries add to it ('_quality.png', and
# `temporary_beside` cuts the rest).
MAX_NAME_BYTES = 255
MAX_SUFFIX_BYTES = 16


def safe_name(name: str, what: str = 'the name') -> str:
    """Return a name that came from a user or a file, if it can be the name of a file or folder.

    Args:
        name: The name, one part of a path.
        what: What it names, for the message.

    Raises:
        ValueError: It would lead elsewhere (a separator, ``.`` or ``..``), has characters that
            cannot be shown or written (control characters, bytes that are not UTF-8), or is too
            long for a file system.
    """
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        reason = 'is not UTF-8'
    else:
        hidden = [c for c in name if unicodedata.category(c) in ('Cc', 'Zl', 'Zp')]
        if name in ('', '.', '..') or '/' in name or '\\' in name:
            reason = 'would be a path, not a name'
        elif hidden:
            reason = f'holds the control character {hidden[0]!r}'
        elif size > MAX_NAME_BYTES - MAX_SUFFIX_BYTES:
            reason = f'has {size} bytes, and {MAX_NAME_BYTES - MAX_SUFFIX_BYTES} are possible'
        else:
            return name
    raise ValueError(f'{what} {ascii(name)[:80]} {reason}: choose another, such as street-03')


def temporary_beside(path: Path, suffix: str = '.tmp') -> Path:
    """Return a path in the same folder that nobody else has or can guess.

    Args:
        path: The file that the temporary one is to become.
        suffix: Its end; ``.tmp`` files are hidden, unlike images and swept by those who know them.
    """
    token = secrets.token_hex(6)
    start, end = ('.', '') if suffix == '.tmp' else ('', path.suffix)
    end = f'.{token}{end}{suffix}'
    stem = os.fsencode(path.stem if start == '' else path.name)
    # A character may be cut in two where the name is too long: the half is left out.
    short = stem[: MAX_NAME_BYTES - len(start) - len(os.fsencode(end))].decode('utf-8', 'ignore')
    return path.with_name(f'{start}{short}{end}')


def open_new(path: str | Path) -> BinaryIO:
    """Open a file that is made by this call, unbuffered: never through a link, never a stranger's.

    Args:
        path: What lies there, such as the rest of a killed run or a link, is removed, not followed.

    Raises:
        OSError: It cannot be made.
    """
    Path(path).unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_NOFOLLOW', 0)
    return os.fdopen(os.open(path, flags | getattr(os, 'O_BINARY', 0), 0o666), 'wb', buffering=0)


@contextlib.contextmanager
def replacing(path: str | Path, *, sync: bool = True) -> Iterator[Path]:
    """Give a path to write to; when the block ends, that becomes the file, all at once.

    Until then, and after an exception, the file is what it was before.

    Args:
        path: The file; missing folders are made.
        sync: Wait for the disk, so that the file is whole also after a power failure. Not worth its
            time for many small files that are checked or made again anyway.

    Yields:
        A new, empty file in the same folder. Its name, ``.<name>.<random>.tmp``, is unlike that
        of an image and unlike any other.

    Raises:
        OSError: It cannot be written; the error names the file.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = temporary_beside(path)
        try:
            open_new(partial).close()
            os.utime(partial, (0, 0))
            yield partial
            if not partial.stat().st_mtime_ns:
                raise FileNotFoundError(errno.ENOENT, 'nothing was written', str(path))
            if sync:
                with partial.open('rb') as file:
                    os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)  # a full disk is found by `write`, which knows no name
        raise


def require_writable(path: str | Path) -> None:
    """Make sure that a file can be written, before the work whose result it is to hold.

    Args:
        path: The file; missing folders are made.

    Raises:
        OSError: It cannot; the error names it.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        trial = temporary_beside(path)
        try:
            open_new(trial).close()
        finally:
            trial.unlink(missing_ok=True)
    except OSError as error:
        error.filename = str(path)
        raise


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
