"""``KEY=VALUE`` on a command line, read as MMEngine reads it, without importing MMEngine."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

OPENING, CLOSING = '([', ')]'


class DictAction(argparse.Action):
    """Collect ``KEY=VALUE`` into a dictionary; the option may be repeated.

    A value is an integer, a number, ``True``, ``False``, ``None``, a text, or several of these:
    ``1,2,3``, ``[1,2,3]``, ``[(1,2),(3,4)]``.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add settings to those of earlier options.

        Args:
            parser: Ends the program where a setting cannot be understood.
            namespace: Receives them.
            values: As 'key=value'.
            option_string: The option, as it was written.
        """
        settings = dict(getattr(namespace, self.dest, None) or {})
        for text in values or ():
            key, equals, value = text.partition('=')
            if not key or not equals:
                parser.error(
                    f'{option_string}: {text!r} is no setting, write key=value or a.b.c=value, '
                    'without spaces around the ='
                )
            try:
                settings[key] = read_value(value)
            except ValueError as error:
                parser.error(f'{option_string}: {error}')
        setattr(namespace, self.dest, settings)


def read_value(text: str) -> Any:
    """Read the value of a setting.

    Args:
        text: What stands after the ``=``.

    Returns:
        A list or tuple where it has brackets or commas, else what `read_one` makes of it.

    Raises:
        ValueError: Its brackets do not match.

    Example:
        >>> read_value('[(1, 2.5), [a, None], true]')
        [(1, 2.5), ['a', None], True]
    """
    text = text.strip('\'"').replace(' ', '')
    if text[:1] == '(' and text[-1:] == ')':
        return tuple(map(read_value, split(text[1:-1])))
    if text[:1] == '[' and text[-1:] == ']':
        return [read_value(part) for part in split(text[1:-1])]
    if ',' in text:
        return [read_value(part) for part in split(text)]
    return read_one(text)


def split(text: str) -> list[str]:
    """Split at the commas that are in no brackets; a comma at the end adds nothing."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in OPENING) - (letter in CLOSING)
        if letter == ',' and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    if any(text.count(one) != text.count(other) for one, other in zip(OPENING, CLOSING)):
        raise ValueError(f'the brackets in {text} do not match')
    return parts + ([text[start:]] if text[start:] else [])


def read_one(text: str) -> int | float | bool | str | None:
    """Read an integer, a number, a truth value, ``None``, or else the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {'true': True, 'false': False}.get(text.lower(), None if text == 'None' else text)
