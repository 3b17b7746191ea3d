"""The table of published weights, read from ``catalogue.yml``."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass, fields
from pathlib import Path

from ...data_files import read_settings
from ...errors import DataFileError, DownloadError

CATALOGUE = Path(__file__).with_name('catalogue.yml')
_NEEDED = ('use', 'file', 'page', 'facts')


@dataclass(frozen=True)
class PublishedWeights:
    """A file of weights that somebody publishes; what is not published is None.

    Attributes:
        name: In the table.
        use: What for.
        file: Name of the file.
        page: Where it is published.
        facts: Where the facts about it stand.
        licence: Its SPDX name.
        address: https://, or ``hf://owner/name/file``.
        by_hand: What to do where there is no address.
        sha256: Hexadecimal, or its beginning.
        size: In bytes.
        layout: Of ``vsd-mot convert weights``; None for files that are used as they are.
    """

    name: str
    use: str
    file: str
    page: str
    facts: str
    licence: str | None = None
    address: str | None = None
    by_hand: str | None = None
    sha256: str | None = None
    size: int | None = None
    layout: str | None = None


@functools.cache
def catalogue(path: Path = CATALOGUE) -> dict[str, PublishedWeights]:
    """Read the table.

    Args:
        path: YAML: name, then every field.

    Raises:
        DataFileError: It cannot be read, or an entry lacks a field, has another one, or a value
            of a wrong kind.
    """
    table = {}
    names = {field.name for field in fields(PublishedWeights)} - {'name'}
    for name, entry in read_settings(path).items():
        if not isinstance(entry, dict) or set(entry) != names:
            raise DataFileError(f'{path}: {name} must have {", ".join(sorted(names))}')
        for key, value in entry.items():
            kind = int if key == 'size' else str
            if not isinstance(value, kind) and (value is not None or key in _NEEDED):
                raise DataFileError(f'{path}: {key} of {name} is no {kind.__name__}: {value!r}')
        if (entry['address'] is None) == (entry['by_hand'] is None):
            raise DataFileError(f'{path}: {name} must have one of address and by_hand')
        table[name] = PublishedWeights(name=name, **entry)
    return table


def published(name: str) -> PublishedWeights:
    """Look a name up in the table.

    Raises:
        DownloadError: It is not there.
    """
    if name not in catalogue():
        similar = difflib.get_close_matches(name, catalogue(), n=3)
        hint = f'did you mean {" or ".join(similar)}?' if similar else '`weights list` has all.'
        raise DownloadError(
            f'there are no weights {name!r} in the table; {hint} An address begins with https:// '
            'or hf://'
        )
    return catalogue()[name]
