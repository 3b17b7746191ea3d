"""The Dockerfile, read: no image can be built where the tests run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
# Continued lines joined, comments left out.
TEXT = re.sub(r'\\\n\s*', '', (REPOSITORY / 'Dockerfile').read_text())
STEPS = [line.split(maxsplit=1) for line in TEXT.splitlines() if line and not line.startswith('#')]


def values(instruction: str) -> list[str]:
    return [value for name, value in STEPS if name == instruction]


def copied() -> list[str]:
    """What is taken from the repository."""
    return [
        source
        for value in values('COPY')
        if not value.startswith('--from=')
        for source in value.split()[:-1]
    ]


@pytest.mark.parametrize('source', copied())
def test_what_is_copied_exists_and_is_not_ignored(source) -> None:
    assert (REPOSITORY / source).exists()
    kept = (REPOSITORY / '.dockerignore').read_text().splitlines()
    assert f'!{source.split("/")[0]}' in kept


def test_no_file_is_let_in_that_is_not_copied() -> None:
    lines = (REPOSITORY / '.dockerignore').read_text().splitlines()
    assert '*' in lines
    assert {line[1:] for line in lines if line.startswith('!')} == {
        source.split('/')[0] for source in copied()
    }


def test_requirements_that_are_installed_exist() -> None:
    files = re.findall(r'(?:-r|-c) (\S+)', ' '.join(values('RUN')))
    assert len(files) >= 5
    assert all((REPOSITORY / file).is_file() for file in files)


def test_both_stages_stand_on_the_argument() -> None:
    bases = [value.split()[0] for value in values('FROM')]
    assert bases == ['${BASE}', '${BASE}']
    assert any(value.startswith('BASE=') for value in values('ARG'))


def test_it_does_not_run_as_root() -> None:
    assert values('USER') == ['10001']
    assert '--uid 10001' in ' '.join(values('RUN'))


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.prefix) / 'bin/hadolint'
    done = subprocess.run(
        [hadolint, REPOSITORY / 'Dockerfile'], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, '')
