"""`vsd-mot` as it is typed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vsd_mot_cli import main

PROJECTS = Path(__file__).parents[2] / 'projects'


def typed(*arguments: str) -> tuple[subprocess.CompletedProcess, float]:
    """Runs the command in a process; with it the CPU seconds that it took."""
    before = os.times()
    result = subprocess.run(
        [sys.executable, '-m', 'vsd_mot_cli', *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env=dict(os.environ, PYTHONPATH=str(PROJECTS)),
    )
    after = os.times()
    return result, sum(after[2:4]) - sum(before[2:4])


@pytest.mark.parametrize('arguments', [['--help'], ['track', '--help'], ['convert', 'mot', '-h']])
def test_help_comes_at_once(arguments):
    result, seconds = typed(*arguments)
    assert result.returncode == 0
    assert 'vsd-mot' in result.stdout
    assert seconds < 0.5


def test_a_mistake_comes_before_anything_is_imported():
    begin = time.monotonic()
    result, seconds = typed('track', 'street.mp4', '--window', 'x')
    assert result.returncode == 2
    assert 'usage: vsd-mot track' in result.stderr
    assert seconds < 0.5
    assert time.monotonic() - begin < 60


def test_version(capsys):
    with pytest.raises(SystemExit) as left:
        main(['--version'])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith('vsd-mot ')


def test_all_commands_are_listed(capsys):
    assert main([]) == 2
    listed = capsys.readouterr().err
    for verb in (
        'track',
        'train',
        'test',
        'evaluate',
        'compare',
        'convert',
        'config',
        'env',
        'weights',
    ):
        assert f'\n  {verb} ' in listed
    assert 'convert_mot' not in listed
    assert 'vsd-mot track street.mp4' in listed


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['trak'], "there is no command 'trak'; did you mean track"),
        (['convert', 'weight'], 'did you mean weights?'),
        (['xyzzy'], 'there are app, appearance, benchmark, '),
    ],
)
def test_a_command_that_does_not_exist(arguments, message, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert message in capsys.readouterr().err


def test_a_group_lists_its_kinds(capsys):
    assert main(['convert']) == 2
    listed = capsys.readouterr().err
    for kind in ('mot', 'crowdhuman', 'proposals', 'weights'):
        assert f'\n  {kind} ' in listed
    assert main(['weights']) == 2
    listed = capsys.readouterr().err
    for kind in ('list', 'fetch', 'verify', 'pack', 'convert'):
        assert f'\n  {kind} ' in listed


@pytest.mark.parametrize('arguments', [['convert-mot'], ['convert_mot'], ['convert', 'mot']])
def test_former_names_stay_valid(arguments, capsys):
    with pytest.raises(SystemExit):
        main([*arguments, '--help'])
    assert 'MOTChallenge' in capsys.readouterr().out
