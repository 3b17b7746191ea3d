"""Files that would run a program if they were taken for more than data."""

from pathlib import Path

PROOF = 'PROOF_OF_CODE'
PROGRAM = f"import os\nos.mkdir('{PROOF}')\n"
BOMB = 'a: &a [x, x, x, x, x, x, x, x, x]\n' + ''.join(
    f'{name}: &{name} [{", ".join([f"*{before}"] * 9)}]\n'
    for before, name in zip('abcdefg', 'bcdefgh', strict=True)
)

SETTINGS = {
    'object.yaml': (f'settings: !!python/object/apply:os.mkdir ["{PROOF}"]', 'cannot be read as'),
    'name.yaml': ('settings: !!python/name:os.system', 'cannot be read as'),
    'module.yml': ('!!python/module:this', 'cannot be read as'),
    'new.yml': (f'a: !!python/object/new:os.mkdir ["{PROOF}"]', 'cannot be read as'),
    'own.yaml': ('a: !thing {b: 1}', 'cannot be read as'),
    'bomb.yaml': (BOMB, 'aliases written out'),
    'merge.yaml': (BOMB + 'model: {<<: *h}', 'aliases written out'),
    'cycle.yaml': ('a: &a [*a]', 'leads back to itself'),
    'deep.yaml': ('a: ' + '[' * 200 + ']' * 200, 'levels deep'),
    'deeper.yaml': ('a: ' + '[' * 20_000, 'levels deep|nested'),
    'deep.json': ('{"a": ' + '[' * 100_000 + ']' * 100_000 + '}', 'nested too deeply'),
    'huge.yaml': ('a: ' + 'x' * (1 << 20), 'at most 1048576 are read'),
    'twice.yaml': ('a: 1\na: 2', "the key 'a' is there twice"),
    'twice.json': ('{"a": 1, "a": 2}', "the key 'a' is there twice"),
    'list.json': ('[1, 2]', 'must hold settings by name'),
    'text.yaml': ('hello world', 'must hold settings by name'),
    'cut.json': ('{"a": [1, ', 'is not JSON'),
    'documents.yaml': ('a: 1\n---\nb: 2', 'cannot be read as'),
    'binary.yaml': (b'\xff\xfe\x00\x01', 'is not UTF-8 text'),
}


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
