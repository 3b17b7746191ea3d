"""Files from the network: whole or not there, and never waited for without an end."""

from __future__ import annotations

import contextlib
import os
import ssl
import urllib.error
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

from tqdm import tqdm

from ..errors import DownloadError
from ..fileio import file_sha256, replacing
from ..locks import FileLock
from .addresses import open_address
from .partial_file import PartialFile

# Seconds without a byte after which a server is given up.
SILENCE = 30.0
# The largest published weights here have 2.6 GB.
MAX_BYTES = 20 << 30
_BLOCK = 1 << 16
_NETWORK = (urllib.error.URLError, TimeoutError, ConnectionError, ssl.SSLError)


def download(
    url: str,
    path: str | Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    max_bytes: int = MAX_BYTES,
    resume: bool = False,
    plain_http: bool = True,
    progress: bool = True,
    silence: float = SILENCE,
    otherwise: str = 'download it by other means and give the path of the file',
) -> str:
    """Download a file; it appears under its name when it is whole.

    Args:
        url: Its address, http or https.
        path: Where to.
        sha256: Its digest, hexadecimal, or the beginning of it; None where it is not known.
        size: Its bytes; None where they are not known.
        max_bytes: No more is taken. Raising it lets a server fill the disk.
        resume: Keep what came before the connection broke (``.NAME.part`` beside the file), and
            go on from there the next time.
        plain_http: Whether an address without encryption will do, on other machines than this
            one. A redirection from https to http is never followed.
        progress: Show a progress bar.
        silence: Seconds to wait for the server, and between two of its packets. Raising it bears
            with slower servers, and lets a dead one hold up the program for longer.
        otherwise: What an error says that the user may do without the network.

    Returns:
        Its SHA-256, hexadecimal.

    Raises:
        DownloadError: The server does not answer, falls silent, sends less or other data than
            it says or than is expected; nothing is left under the name then.
        BusyError: Another process downloads it (with `resume`).
        OSError: It cannot be written.
    """
    path = Path(path)
    with _place(path, url, resume=resume) as part:
        try:
            total = _receive(
                part,
                name=path.name,
                size=size,
                max_bytes=max_bytes,
                plain_http=plain_http,
                progress=progress,
                silence=silence,
            )
        except (*_NETWORK, HTTPException) as error:
            reason = getattr(error, 'reason', None) or error
            raise DownloadError(
                f'{url} cannot be downloaded ({reason}): check the address and the network, or '
                f'{otherwise}'
            ) from error
        except OSError as error:
            error.filename = error.filename or str(path)  # a full disk is found without a name
            raise
        if total is not None and part.length != total:
            again = 'it goes on from there' if resume else 'it starts from the beginning'
            raise DownloadError(
                f'{url} broke off after {part.length} of {total} bytes: try again, {again}'
            )
        digest = file_sha256(part.path)
        if not digest.startswith((sha256 or '').lower()):
            part.remove()
            raise DownloadError(
                f'{url} is not the file that is expected (its SHA-256 begins with '
                f'{digest[:16]}, not {(sha256 or "")[:16]})'
            )
    return digest


@contextlib.contextmanager
def _place(path: Path, url: str, *, resume: bool) -> Iterator[PartialFile]:
    """Give the file to download into; when the block ends, that becomes the file."""
    if not resume:
        with replacing(path) as partial:
            yield PartialFile(partial, url)
        return
    kept = path.with_name(f'.{path.name}.part')
    with FileLock(path.with_name(f'.{path.name}.lock'), f'the file {path}'):
        part = PartialFile(kept, url, path.with_name(f'{kept.name}.json'))
        yield part
        with replacing(path) as whole:
            os.replace(kept, whole)
        part.remove()


def _receive(
    part: PartialFile,
    *,
    name: str,
    size: int | None,
    max_bytes: int,
    plain_http: bool,
    progress: bool,
    silence: float,
) -> int | None:
    """Write what comes behind what is there; returns how many bytes the file is to have."""
    headers = part.headers()
    try:
        answer = open_address(part.url, headers=headers, plain_http=plain_http, silence=silence)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not headers:
            raise
        # All of it had come, or the server has a shorter file now.
        if error.headers.get('Content-Range') == f'bytes */{part.length}':
            return part.length
        part.remove()
        answer = open_address(part.url, plain_http=plain_http, silence=silence)
    with answer:
        file, received, total = part.open(answer)
        with (
            file,
            tqdm(
                total=total,
                initial=received,
                unit='B',
                unit_scale=True,
                desc=name,
                disable=not progress,
            ) as bar,
        ):
            _check_size(part, total, size=size, max_bytes=max_bytes)
            while block := answer.read(_BLOCK):
                received += len(block)
                if received > max_bytes:
                    _check_size(part, received, size=None, max_bytes=max_bytes)
                file.write(block)
                bar.update(len(block))
    _check_size(part, total or received, size=size, max_bytes=max_bytes)
    return total


def _check_size(part: PartialFile, total: int | None, *, size: int | None, max_bytes: int) -> None:
    if total is not None and size is not None and total != size:
        reason = f'is not the file that is expected: it has {total} bytes, not {size}'
    elif total is not None and total > max_bytes:
        reason = f'has {total} bytes or more, and at most {max_bytes} are taken'
    else:
        return
    part.remove()
    raise DownloadError(f'{part.url} {reason}')
