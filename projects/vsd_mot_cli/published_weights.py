"""The table of published weights as it is printed, without importing PyTorch."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

UNKNOWN = 'unknown'


def describe_published(word: str = '') -> list[str]:
    """Describe the entries of the table, a line for each fact.

    Args:
        word: Only those with it in their name or use.
    """
    import yaml

    package = find_spec('vsd_mot')  # found, not imported
    assert package is not None
    assert package.submodule_search_locations
    folder = Path(package.submodule_search_locations[0])
    text = (folder / 'engine' / 'weight_files' / 'catalogue.yml').read_text(encoding='utf-8')
    return [
        describe(name, entry)
        for name, entry in yaml.safe_load(text).items()
        if word.lower() in f'{name}\n{entry["use"]}'.lower()
    ]


def describe(name: str, entry: dict[str, Any]) -> str:
    """Describe an entry of ``catalogue.yml``."""
    size = entry['size']
    facts = {
        'for': entry['use'],
        'file': entry['file'],
        'page': entry['page'],
        'licence': entry['licence'] or UNKNOWN,
        'size': UNKNOWN if size is None else f'{size / 1e6:.0f} MB ({size} bytes)',
        'sha256': entry['sha256'] or UNKNOWN,
        'get': f'vsd-mot weights fetch {name}' if entry['address'] else entry['by_hand'],
        'facts': entry['facts'],
    }
    if entry['layout']:
        facts['then'] = f'vsd-mot convert weights {entry["layout"]} {entry["file"]} CONVERTED.pth'
    return '\n'.join([name, *(f'  {key:8} {fact}' for key, fact in facts.items())])
