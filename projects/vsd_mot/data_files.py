"""Settings and lists in JSON and YAML: read as data, within bounds, with errors that say where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from .errors import DataFileError

MAX_DEPTH = 64
MAX_SETTINGS_BYTES = 1 << 20
MAX_SETTINGS_ENTRIES = 100_000
MAX_JSON_BYTES = 4 << 30
SETTINGS_SUFFIXES = ('.json', '.yaml', '.yml')


def read_settings(path: str | Path) -> dict[str, Any]:
    """Read a settings file.

    Args:
        path: ``.json``, ``.yaml`` or ``.yml`` of up to 1 MiB, 64 levels and, aliases written out,
            100 000 entries.

    Returns:
        Text, numbers, booleans, lists and dictionaries: never objects of other classes.

    Raises:
        DataFileError: It cannot be read, is larger, repeats a key, or is no dictionary.
    """
    path = Path(path)
    text = _read_text(path, MAX_SETTINGS_BYTES)
    content = _parse_json(path, text) if path.suffix.lower() == '.json' else _parse_yaml(path, text)
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise DataFileError(f'{path} must hold settings by name, such as `quality: 95`')
    return content


def read_json(path: str | Path) -> Any:
    """Read a JSON file of annotations or results.

    Args:
        path: UTF-8, with or without a byte order mark.

    Raises:
        DataFileError: It cannot be read, is cut off, nested too deeply, or repeats a key, of which
            one value would be lost.
    """
    path = Path(path)
    return _parse_json(path, _read_text(path, MAX_JSON_BYTES))


def read_json_object(path: str | Path, *keys: str) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Args:
        path: As for :func:`read_json`.
        keys: What it must have.

    Raises:
        DataFileError: As :func:`read_json`, or it holds something else.
    """
    content = read_json(path)
    lacking = [key for key in keys if not isinstance(content, dict) or key not in content]
    if not isinstance(content, dict) or lacking:
        wanted = f' with {", ".join(map(repr, lacking))}' if lacking else ''
        raise DataFileError(
            f'{path} must be a JSON object (a dictionary){wanted}: it is another file, or damaged; '
            'correct it, make it again, or remove it'
        )
    return content


def parse_json(text: str, where: str) -> Any:
    """Read a JSON text, such as a line of a file.

    Args:
        text: The text.
        where: What the error begins with.

    Raises:
        DataFileError: As :func:`read_json`.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise DataFileError(f'{where} is nested too deeply to be what it should be') from None
    except ValueError as error:
        raise DataFileError(f'{where} is not JSON: {error}') from error


def _read_text(path: Path, limit: int) -> str:
    try:
        if not path.is_file():
            reason = 'is not a file' if path.exists() else 'does not exist'
            raise DataFileError(f'{path} {reason}')
        size = path.stat().st_size
        if size > limit:
            raise DataFileError(f'{path} has {size} bytes, at most {limit} are read')
        return path.read_bytes().decode('utf-8-sig')
    except OSError as error:
        raise DataFileError(f'{path} cannot be read: {error.strerror or error}') from error
    except UnicodeDecodeError as error:
        raise DataFileError(
            f'{path} is not UTF-8 text (byte {error.start}): is it another kind of file?'
        ) from error


def _parse_json(path: Path, text: str) -> Any:
    return parse_json(text, str(path))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key {repeated!r} is there twice, and one of the two would be lost')
    return entries


def _parse_yaml(path: Path, text: str) -> Any:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return {}
        _measure(root, {})
        return yaml.safe_load(text)
    except RecursionError:
        raise DataFileError(f'{path} is nested more than {MAX_DEPTH} levels deep') from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        reason = ' '.join(str(error).split())
        raise DataFileError(
            f'{path} cannot be read as settings: {reason}. YAML is read as data: tags such as '
            '!!python/... have no meaning here'
        ) from error


def _measure(node: yaml.Node, known: dict[int, tuple[int, int] | None]) -> tuple[int, int]:
    """Entries and levels of a node with its aliases written out, each of which is visited once."""
    key = id(node)
    if key in known:
        measured = known[key]
        if measured is None:
            raise ValueError('an alias leads back to itself')
        return measured
    known[key] = None
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        names = [name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        if repeated := [name for name in names if names.count(name) > 1 and name != '<<']:
            raise ValueError(f'the key {repeated[0]!r} is there twice')
        children = [child for pair in node.value for child in pair]
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    sizes = [_measure(child, known) for child in children]
    entries = 1 + sum(size for size, _ in sizes)
    levels = 1 + max((level for _, level in sizes), default=0)
    if entries > MAX_SETTINGS_ENTRIES:
        raise ValueError(f'it has more than {MAX_SETTINGS_ENTRIES} entries, aliases written out')
    if levels > MAX_DEPTH:
        raise ValueError(f'it is nested more than {MAX_DEPTH} levels deep')
    known[key] = entries, levels
    return entries, levels
