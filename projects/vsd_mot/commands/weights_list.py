"""List the published weights that are known here."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..engine.weight_files.catalogue import PublishedWeights, catalogue
from ..errors import TrackingError
from .user_errors import one_line_errors

UNKNOWN = 'unknown'

parse_args = parser_of('weights_list')


@one_line_errors('weights list')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    word = options.word.lower()
    entries = [
        entry
        for entry in catalogue().values()
        if word in entry.name.lower() or word in entry.use.lower()
    ]
    if not entries:
        raise TrackingError(f'no weights have {options.word!r} in their name or use')
    print('\n\n'.join(map(describe, entries)))


def describe(entry: PublishedWeights) -> str:
    """Describe an entry of the table, a line for each fact."""
    size = UNKNOWN if entry.size is None else f'{entry.size / 1e6:.0f} MB ({entry.size} bytes)'
    get = f'vsd-mot weights fetch {entry.name}' if entry.address else entry.by_hand
    facts = {
        'for': entry.use,
        'file': entry.file,
        'page': entry.page,
        'licence': entry.licence or UNKNOWN,
        'size': size,
        'sha256': entry.sha256 or UNKNOWN,
        'get': get,
        'facts': entry.facts,
    }
    if entry.layout:
        facts['then'] = f'vsd-mot convert weights {entry.layout} {entry.file} CONVERTED.pth'
    return '\n'.join([entry.name, *(f'  {name:8} {fact}' for name, fact in facts.items())])
