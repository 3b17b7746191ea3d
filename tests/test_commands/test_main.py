"""Commands by their names, and the thin scripts of `tools/`."""

import runpy
import sys
from pathlib import Path

import pytest

from vsd_mot.commands.__main__ import main, verbs

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / 'tools').rglob('*.py'))


@pytest.mark.parametrize('script', SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_every_script_is_a_command(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', [str(script), '--help'])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(script), run_name='__main__')
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(f'usage: {script.name}')


@pytest.mark.parametrize('verb', verbs())
def test_every_command_goes_by_its_name(verb, monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', ['vsd_mot', verb])
    with pytest.raises(SystemExit) as stop:
        main([verb, '--help'])
    assert stop.value.code == 0
    assert f'vsd_mot {verb}' in capsys.readouterr().out


def test_what_is_no_command_lists_those_there_are(capsys):
    for arguments in ([], ['command_line'], ['nonsense']):
        assert main(arguments) == 2
        assert 'usage: ' in capsys.readouterr().err
    assert {'track', 'train', 'test', 'config', 'convert_weights'} <= set(verbs())
