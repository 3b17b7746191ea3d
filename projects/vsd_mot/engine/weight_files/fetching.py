"""Fetch a file of weights: by its name in the table, its address, or from a mirror."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from ...errors import DownloadError
from ...fileio import safe_name
from ..downloads import MAX_BYTES, download
from .catalogue import published
from .copying import checked_sha256, copy_file
from .hub import SCHEME, describe, download_from_hub, parse_address

_WHOLE_DIGEST = re.compile(r'[0-9a-f]{64}')
# So much of one is what OpenMMLab has in the names of its files.
_DIGEST = re.compile(r'[0-9a-f]{8,64}')


@dataclass(frozen=True)
class Wanted:
    """A file of weights that somebody asked for.

    Attributes:
        label: What messages call it.
        file: Its name.
        address: https://, http:// or hf://; None where there is none.
        by_hand: What to do then.
        sha256: Hexadecimal, or its beginning; None where it is not known.
        size: In bytes; None where they are not known.
        layout: Of ``vsd-mot convert weights``; None where it needs none, or is not known.
    """

    label: str
    file: str
    address: str | None
    by_hand: str | None = None
    sha256: str | None = None
    size: int | None = None
    layout: str | None = None


def wanted(word: str, *, sha256: str | None = None) -> Wanted:
    """Find out which file somebody means.

    Args:
        word: A name of the table, an address, or ``hf://owner/name[/file][@revision]``.
        sha256: Its digest where the user knows it; it counts before that of the table.

    Raises:
        DownloadError: There is no such name or address, or the hub does not say which file.
        ValueError: The address ends in no name of a file.
    """
    if sha256 is not None and not _DIGEST.fullmatch(sha256 := sha256.strip().lower()):
        raise DownloadError(f'{sha256} is no SHA-256: 64 hexadecimal digits, or the first 8')
    if word.startswith(SCHEME):
        address = parse_address(word)
        if address.file is None:  # the hub knows which file of weights there is
            address = describe(address).address
        return Wanted(word, address.name, address.text, sha256=sha256)
    if '://' in word:
        return Wanted(word, _file_of(word), word, sha256=sha256)
    entry = published(word)
    return Wanted(
        entry.name,
        entry.file,
        entry.address,
        entry.by_hand,
        sha256 or entry.sha256,
        entry.size,
        entry.layout,
    )


def place_of(weights: Wanted, out: str | None) -> Path:
    """Return where a file goes.

    Args:
        weights: The file.
        out: A path; a folder, there already or ending in ``/``; None for ``checkpoints/``.
    """
    if out is not None and not out.endswith('/') and not Path(out).is_dir():
        return Path(out)
    return Path(out or 'checkpoints') / weights.file


def fetch(
    weights: Wanted,
    path: str | Path,
    *,
    mirror: str | None = None,
    max_bytes: int = MAX_BYTES,
    progress: bool = True,
) -> str:
    """Fetch a file; it appears under its name when it is whole and is the one that is expected.

    A file that is there already is checked, and not fetched again.

    Args:
        weights: The file.
        path: Where to.
        mirror: A folder, or an address, under which files lie by their names; nothing else is
            asked then.
        max_bytes: No more is taken.
        progress: Show a progress bar.

    Returns:
        Its SHA-256.

    Raises:
        DownloadError: It has no address, cannot be had, or is another file.
        OSError: It cannot be written.
    """
    path = Path(path)
    if path.exists():
        try:
            return checked_sha256(path, sha256=weights.sha256, size=weights.size)
        except DownloadError as error:
            raise DownloadError(f'{error}. Remove it, or choose another --out') from error
    if mirror is not None and '://' not in mirror:
        return _from_folder(weights, path, Path(mirror))
    address = weights.address if mirror is None else f'{mirror.rstrip("/")}/{quote(weights.file)}'
    elsewhere = (
        f'bring {weights.file} here from elsewhere: `vsd-mot weights fetch {weights.label} '
        '--mirror FOLDER` checks it and puts it in place'
    )
    if address is None:
        raise DownloadError(
            f'{weights.label} has no address that a program may ask: {weights.by_hand}; then '
            f'{elsewhere}'
        )
    if not address.startswith(SCHEME):
        return download(
            address,
            path,
            sha256=weights.sha256,
            size=weights.size,
            max_bytes=max_bytes,
            resume=True,
            plain_http=bool(_WHOLE_DIGEST.fullmatch(weights.sha256 or '')),
            progress=progress,
            otherwise=elsewhere,
        )
    file = describe(parse_address(address), otherwise=elsewhere)
    return download_from_hub(
        file,
        path,
        sha256=weights.sha256,
        size=weights.size,
        max_bytes=max_bytes,
        otherwise=elsewhere,
    )


def _from_folder(weights: Wanted, path: Path, folder: Path) -> str:
    source = folder / weights.file
    if not source.is_file():
        raise DownloadError(
            f'the mirror {folder} has no file {weights.file}'
            + ('' if folder.is_dir() else ': there is no such folder')
        )
    return copy_file(source, path, sha256=weights.sha256, size=weights.size)


def _file_of(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ''
    return safe_name(unquote(path).rpartition('/')[2], 'the name of the file')
