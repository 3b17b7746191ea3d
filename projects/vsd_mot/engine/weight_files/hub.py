"""Weights on the Hugging Face Hub: ``hf://owner/name[/file][@revision]``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_download

from ...errors import DownloadError
from ...fileio import safe_name
from ..addresses import require_address
from ..downloads import MAX_BYTES
from .copying import copy_file

SCHEME = 'hf://'
ELSEWHERE = 'name another hub by HF_ENDPOINT'
_FORM = re.compile(r'hf://([\w.-]+/[\w.-]+)((?:/[\w.+=-]+)*)(?:@([\w./-]+))?')
# Best first.
_WEIGHTS = ('.safetensors', '.pth', '.pt', '.bin')


@dataclass(frozen=True)
class HubAddress:
    """A file of a repository.

    Attributes:
        repository: Owner and name.
        file: Path in it; None for the only file of weights.
        revision: Branch, tag or commit; None for the newest.
    """

    repository: str
    file: str | None
    revision: str | None

    @property
    def name(self) -> str:
        """The file's name, without folders."""
        return safe_name((self.file or '').rpartition('/')[2], 'the name of the file')

    @property
    def text(self) -> str:
        """The address as it is written."""
        file = f'/{self.file}' if self.file else ''
        return f'{SCHEME}{self.repository}{file}' + (f'@{self.revision}' if self.revision else '')


@dataclass(frozen=True)
class HubFile:
    """A file as the hub describes it.

    Attributes:
        address: With the file, and the commit as revision.
        size: In bytes, where the hub says.
        sha256: Of large files, where the hub says.
    """

    address: HubAddress
    size: int | None
    sha256: str | None


def parse_address(text: str) -> HubAddress:
    """Read an address of the hub.

    Raises:
        DownloadError: It is none.
    """
    match = _FORM.fullmatch(text)
    parts = match[2].split('/')[1:] if match else []
    if match is None or '..' in [*match[1].split('/'), *parts]:
        raise DownloadError(f'{text}: expected hf://owner/name[/file][@revision]')
    return HubAddress(match[1], '/'.join(parts) or None, match[3])


def describe(address: HubAddress, *, otherwise: str = ELSEWHERE) -> HubFile:
    """Ask the hub (``HF_ENDPOINT``, or huggingface.co) for a file.

    Args:
        address: The file; without one, the only file of weights is meant.
        otherwise: What an error says that the user may do without the hub.

    Raises:
        DownloadError: The hub cannot be reached, has no such repository, revision or file, or
            more than one that could be meant.
    """
    hub = HfApi(endpoint=_endpoint())
    try:
        info = hub.model_info(address.repository, revision=address.revision, files_metadata=True)
    except Exception as error:  # whatever the network or the hub says, the remedy is one
        raise _unreachable(address, error, otherwise) from error
    files = {file.rfilename: file for file in info.siblings or []}
    file = address.file or _only_weights(address, list(files))
    if file not in files:
        raise DownloadError(f'{address.repository} has no file {file}: it has {_some(files)}')
    large = files[file].lfs
    return HubFile(
        HubAddress(address.repository, file, info.sha or address.revision),
        files[file].size,
        large.sha256 if large else None,
    )


def download_from_hub(
    file: HubFile,
    path: str | Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    max_bytes: int = MAX_BYTES,
    otherwise: str = ELSEWHERE,
) -> str:
    """Download a file by way of the hub's own cache, which shows progress and goes on.

    Args:
        file: The file.
        path: Where to.
        sha256: Its digest, or the beginning of it, as somebody else than the hub has it.
        size: Its bytes, likewise; None where they are not known.
        max_bytes: No more is taken.
        otherwise: As for :func:`describe`.

    Returns:
        Its SHA-256.

    Raises:
        DownloadError: It cannot be had, is larger, or is another file than expected.
        OSError: It cannot be written.
    """
    address = file.address
    where = f'{SCHEME}{address.repository}/{address.file}'
    if file.size is not None and file.size > max_bytes:
        raise DownloadError(f'{where} has {file.size} bytes, and at most {max_bytes} are taken')
    if not (file.sha256 or sha256 or '').startswith(sha256 or ''):
        raise DownloadError(
            f'{where} is not the file that is expected: its SHA-256 is {file.sha256}, not {sha256}'
        )
    try:
        cached = hf_hub_download(
            address.repository,
            address.file or '',
            revision=address.revision,
            endpoint=_endpoint(),
        )
    except Exception as error:  # as above
        raise _unreachable(address, error, otherwise) from error
    return copy_file(cached, path, sha256=file.sha256 or sha256, size=size or file.size)


def _endpoint() -> str | None:
    endpoint = os.environ.get('HF_ENDPOINT') or None
    if endpoint:
        require_address(endpoint, plain_http=False)
    return endpoint


def _only_weights(address: HubAddress, names: list[str]) -> str:
    for ending in _WEIGHTS:
        files = [name for name in names if name.endswith(ending)]
        if len(files) == 1:
            return files[0]
        if files:
            raise DownloadError(
                f'{address.repository} has several files of weights: name one, such as '
                f'{SCHEME}{address.repository}/{files[0]} ({_some(files)})'
            )
    raise DownloadError(f'{address.repository} has no file of weights: it has {_some(names)}')


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ', '.join(listed[:8]) + (' ...' if len(listed) > 8 else '') or 'none'


def _unreachable(address: HubAddress, error: Exception, otherwise: str) -> DownloadError:
    reason = ' '.join(str(error).split())[:300] or type(error).__name__
    return DownloadError(
        f'{SCHEME}{address.repository} cannot be had ({reason}): check the name, the '
        f'network and, for closed repositories, HF_TOKEN, or {otherwise}'
    )
