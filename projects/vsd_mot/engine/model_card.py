"""What a file of weights says of itself: the card in the metadata of a safetensors file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..data_files import parse_json
from ..errors import DataFileError

VERSION = 'vsd_mot 1'


@dataclass(frozen=True)
class ModelCard:
    """What a file of weights says of itself; None or empty where it does not say.

    Attributes:
        config: Text of the config whose model fits. It is for reading: nothing runs it.
        classes: Names of the classes, in the model's order.
        data: What it was trained on.
        licence: Terms of the weights.
        source: Name of the file that it was packed from.
        source_sha256: SHA-256 of that file.
    """

    config: str | None = None
    classes: tuple[str, ...] = ()
    data: str | None = None
    licence: str | None = None
    source: str | None = None
    source_sha256: str | None = None

    def entries(self) -> dict[str, Any]:
        """Return what it says, as plain data."""
        said = {name: value for name, value in asdict(self).items() if value}
        return {**said, 'classes': list(self.classes)} if self.classes else said


def entry_line(name: str, value: str | list[str]) -> str:
    """Return an entry of a card as one line."""
    text = value if isinstance(value, str) else ', '.join(value)
    return f'{len(text.splitlines())} lines' if name == 'config' else text


def card_from(entries: object, where: str) -> ModelCard:
    """Read a card from plain data, of which other entries are left alone.

    Args:
        entries: As :meth:`ModelCard.entries` gives them.
        where: What the error begins with.

    Raises:
        DataFileError: An entry is not what it should be.
    """
    if not isinstance(entries, Mapping):
        raise DataFileError(f'{where}: the model card is a {type(entries).__name__}, no dictionary')
    names = [field.name for field in fields(ModelCard)]
    known = {name: entries[name] for name in names if name in entries}
    classes = known.pop('classes', ())
    if not isinstance(classes, list | tuple) or not all(isinstance(one, str) for one in classes):
        raise DataFileError(f'{where}: the classes of the model card are no list of names')
    if wrong := [name for name, value in known.items() if not isinstance(value, str | None)]:
        raise DataFileError(f'{where}: the {wrong[0]} of the model card is no text')
    return ModelCard(classes=tuple(classes), **known)


def card_to_metadata(card: ModelCard, meta: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of a safetensors file, which are texts by name.

    Args:
        card: The card.
        meta: Further plain data of the checkpoint, kept as JSON.

    Raises:
        TypeError: `meta` holds something that JSON has not.
    """
    texts = {name: value for name, value in card.entries().items() if name != 'classes'}
    return {
        'format': 'pt',
        'card': VERSION,
        **texts,
        'classes': json.dumps(card.classes),
        'meta': json.dumps(dict(meta)),
    }


def meta_from_metadata(metadata: Mapping[str, str] | None, where: str) -> dict[str, Any] | None:
    """Return the `meta` of a checkpoint from the metadata of a safetensors file.

    Args:
        metadata: Those of the file.
        where: What an error begins with.

    Returns:
        The further data of :func:`card_to_metadata`, the names of the classes, and the card's
        entries under ``card``; None where the file has no card.

    Raises:
        DataFileError: The card is damaged.
    """
    if not metadata or metadata.get('card') != VERSION:
        return None
    texts = {**metadata, 'classes': parse_json(metadata.get('classes', '[]'), f'{where}: classes')}
    card = card_from(texts, where)
    meta = parse_json(metadata.get('meta', '{}'), f'{where}: meta')
    if not isinstance(meta, dict):
        raise DataFileError(f'{where}: its meta is a {type(meta).__name__}; expected a dictionary')
    named = {'classes': list(card.classes)} if card.classes else {}
    return {**named, **meta, 'card': card.entries()}
