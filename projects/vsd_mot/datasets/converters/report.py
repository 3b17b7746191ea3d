"""What a conversion found and did, so that it skips no data in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_LISTED = 20  # counts of a kind


class ConversionReport:
    """Collect findings per kind and source.

    A finding has a kind (what and what was done about it), a source (a sequence or file), a count
    and an example.
    """

    def __init__(self) -> None:
        self._findings: dict[str, dict[str, tuple[int, str]]] = {}
        self._lines: list[str] = []

    def add(self, kind: str, source: str, *, count: int = 1, example: str = '') -> None:
        """Note a finding; counts of the same kind and source add up, the first example stays.

        Args:
            kind: What was found, and what was done about it.
            source: Sequence or file that it was found in.
            count: How often; 0 is not noted.
            example: One of them.
        """
        if count:
            counts = self._findings.setdefault(kind, {})
            before, first = counts.get(source, (0, example))
            counts[source] = (before + count, first)

    def line(self, text: str) -> None:
        """Add a line to the summary."""
        self._lines.append(text)

    def count(self, words: str) -> int:
        """Return number of findings whose kind contains some words."""
        return sum(
            count
            for kind, counts in self._findings.items()
            if words in kind
            for count, _ in counts.values()
        )

    def kinds(self) -> Iterable[str]:
        """All kinds that were found."""
        return self._findings.keys()

    def __str__(self) -> str:
        text = []
        for kind, counts in self._findings.items():
            total = sum(count for count, _ in counts.values())
            text.append(f'{total} x {kind}')
            for number, (source, (count, example)) in enumerate(counts.items()):
                if number == MAX_LISTED:
                    text.append(f'    ... and in {len(counts) - number} more')
                    break
                if count > 1:
                    such_as = f', such as {example}' if example else ''
                    text.append(f'    {source}: {count}{such_as}')
                else:
                    text.append(f'    {source}: {example}' if example else f'    {source}')
        return '\n'.join([*text, *self._lines])


@dataclass(frozen=True)
class ConvertedSet:
    """What a converter wrote.

    Attributes:
        files: The annotation file of each split.
        report: What was found on the way.
    """

    files: dict[str, Path]
    report: ConversionReport
