"""Files from the network: whole or not there, and never waited for without an end."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import IO

from tqdm import tqdm

from ..errors import DownloadError
from ..fileio import replacing

# Seconds without a byte after which a server is given up.
SILENCE = 30.0
_BLOCK = 1 << 16


def download(
    url: str,
    path: str | Path,
    *,
    sha256: str | None = None,
    progress: bool = True,
    silence: float = SILENCE,
) -> None:
    """Download a file; it appears under its name when it is whole.

    Args:
        url: Its address, http or https.
        path: Where to.
        sha256: Its digest, hexadecimal, or the beginning of it; None where it is not known.
        progress: Show a progress bar.
        silence: Seconds to wait for the server, and between two of its packets. Raising it bears
            with slower servers, and lets a dead one hold up the program for longer.

    Raises:
        DownloadError: The server does not answer, falls silent, sends less or other data than
            it says; nothing is left under the name then.
        OSError: It cannot be written.
    """
    path = Path(path)
    if not url.lower().startswith(('http://', 'https://')):
        raise DownloadError(f'{url} is no address of the web (http:// or https://)')
    request = urllib.request.Request(url, headers={'User-Agent': 'vsd-mot'})
    try:
        with urllib.request.urlopen(request, timeout=silence) as answer:
            announced = answer.headers.get('Content-Length')
            length = int(announced) if announced and announced.isdecimal() else None
            with replacing(path) as partial:
                received, digest = _receive(
                    answer, partial, length=length, name=path.name, progress=progress
                )
                if length is not None and received != length:
                    raise DownloadError(
                        f'{url} broke off after {received} of {length} bytes: try again'
                    )
                if sha256 is not None and not digest.startswith(sha256.lower()):
                    raise DownloadError(
                        f'{url} is not the file that is expected (its SHA-256 begins with '
                        f'{digest[:16]}, not {sha256[:16]})'
                    )
    except DownloadError:
        raise
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, 'reason', None) or error
        raise DownloadError(
            f'{url} cannot be downloaded ({reason}): check the address and the network, or '
            'download it by other means and give the path of the file'
        ) from error


def _receive(
    answer: IO[bytes], target: Path, *, length: int | None, name: str, progress: bool
) -> tuple[int, str]:
    """Write what comes to a file; returns its length and digest."""
    received, digest = 0, hashlib.sha256()
    bar = tqdm(total=length, unit='B', unit_scale=True, desc=name, disable=not progress)
    with bar, target.open('wb') as file:
        while block := answer.read(_BLOCK):
            file.write(block)
            digest.update(block)
            received += len(block)
            bar.update(len(block))
    return received, digest.hexdigest()
