"""One form of docstrings: Google style, types in the signature alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import vsd_mot

PACKAGE = Path(vsd_mot.__file__).parent
TYPED_ARGUMENT = re.compile(r'^\*{0,2}\w+ \([^)]*\):')
# Python's own types and tensors at the beginning of a "Returns:" or "Yields:".
TYPED_RESULT = re.compile(
    r'^(?:tuple|list|dict|set|int|float|bool|str|Tensor|np\.ndarray|Iterator)(?:\[.*?\])?:'
)


def sections() -> Iterator[tuple[str, str, list[str]]]:
    """Where, name and lines (outermost indentation removed) of every docstring's sections."""
    for path in sorted(PACKAGE.rglob('*.py')):
        if '.mim' in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                continue
            where = f'{path.relative_to(PACKAGE)}: {getattr(node, "name", "module")}'
            text = ast.get_docstring(node) or ''
            for name, body in re.findall(r'^(\w+):\n((?:    .*\n?|\n)+)', text, re.MULTILINE):
                yield where, name, [line[4:] for line in body.splitlines()]


def test_types_stand_in_the_signature_alone() -> None:
    wrong = []
    for where, name, lines in sections():
        if name in ('Args', 'Attributes'):
            wrong += [f'{where}: {line}' for line in lines if TYPED_ARGUMENT.match(line)]
        elif name in ('Returns', 'Yields') and TYPED_RESULT.match(lines[0]):
            wrong.append(f'{where}: {lines[0]}')
    assert not wrong, '\n'.join(wrong)


def test_defaults_stand_in_the_signature() -> None:
    """ "Defaults to" says where a value comes from or what it means, never just the value."""
    bare = re.compile(r"Defaults? ?(?:to|:) (?:None|True|False|[-\d.e]+|'[^']*'|\([\d., ]*\))\.?$")
    wrong = [
        f'{where}: {line}'
        for where, name, lines in sections()
        if name == 'Args'
        for line in lines
        if bare.search(line) or 'Default: ' in line
    ]
    assert not wrong, '\n'.join(wrong)


def test_the_check_sees_a_typed_argument() -> None:
    assert TYPED_ARGUMENT.match('name (str, optional): The name.')
    assert not TYPED_ARGUMENT.match('name: The name (short).')
    assert TYPED_RESULT.match('tuple[Tensor, Tensor]: Boxes and scores.')
    assert sum(1 for _ in sections()) > 300
