"""``INPUT ... [CONFIG [CHECKPOINT]]`` on a command line: where inputs end and the model begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

FILE_SUFFIX = re.compile(r'\.[A-Za-z0-9]{1,5}$')  # unlike the one of vsd-mot-alpha0.2_r50_...
CONFIG_SUFFIXES = ('.py', '.json', '.yaml', '.yml')


def split_model(words: Sequence[str]) -> tuple[list[str], str | None, str | None]:
    """Take the inputs, the config and its checkpoint apart.

    The config is the first word after the first one that ends in ``.py`` (``.json``, ``.yaml``), or
    is a bare name, such as that of a shipped config: without suffix, folder, digits alone, glob or
    ``=``, and not that of a file or folder that exists.

    Args:
        words: At least one.

    Returns:
        Inputs, config and checkpoint; None for what is not there.

    Raises:
        ValueError: More than a checkpoint follows the config.

    Example:
        >>> split_model(['a.mp4', 'b.mp4', 'my_config.py', 'weights.pth'])
        (['a.mp4', 'b.mp4'], 'my_config.py', 'weights.pth')
    """
    for place in range(1, len(words)):
        if _is_config(words[place]):
            config, *rest = words[place:]
            if len(rest) > 1:
                raise ValueError(
                    f'after the config {config} comes at most its checkpoint, not '
                    f'{" ".join(rest)}: inputs stand before it'
                )
            return list(words[:place]), config, rest[0] if rest else None
    return list(words), None, None


def _is_config(word: str) -> bool:
    if Path(word).suffix.lower() in CONFIG_SUFFIXES:
        return True
    if word.isdigit() or any(mark in word for mark in '/\\*?[=:'):
        return False
    return not FILE_SUFFIX.search(word) and not Path(word).exists()
