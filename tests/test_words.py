"""Names say what a reader would search for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ('projects/vsd_mot', 'projects/vsd_mot_cli', 'tools')
# What each was used for, and what the field calls it.
VAGUE = {
    'told': 'score, information',
    'seen': 'visibility, history',
    'given': 'annotation, proposals',
    'at': 'position, frame, path',
    'found': 'what it is: files, tracks',
    'present': 'with_object, known',
    'shown': 'text, line',
    'claim': 'assignment',
    'carry_out': 'run',
    'nothing': 'empty',
    'noisy': 'jittered, degraded',
}


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of what the source defines."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield node.lineno, name


def is_vague(name: str) -> bool:
    return name.strip('_').lower() in VAGUE


@pytest.mark.parametrize('folder', FOLDERS)
def test_no_name_is_vague(folder) -> None:
    vague = [
        f'{path.relative_to(ROOT)}:{line}: {name} (say {VAGUE[name.strip("_").lower()]})'
        for path in sorted((ROOT / folder).rglob('*.py'))
        for line, name in names_in(path.read_text())
        if is_vague(name)
    ]
    assert not vague, '\n'.join(vague)


def test_the_check_sees_all_kinds_of_names() -> None:
    source = 'def told(given):\n    self.shown = 1\n    for at in []:\n        found: int = 2\n'
    assert sum(is_vague(name) for _, name in names_in(source)) == 5
