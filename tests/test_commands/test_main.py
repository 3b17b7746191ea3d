"""Commands by their names, and the thin scripts of `tools/`."""

import importlib
import runpy
import sys
from pathlib import Path

import pytest

from vsd_mot_cli import main
from vsd_mot_cli.parsing import commands, verb_module

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / 'tools').rglob('*.py'))


@pytest.mark.parametrize('script', SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_every_script_is_a_command(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', [str(script), '--help'])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(script), run_name='__main__')
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(f'usage: {script.name}')


@pytest.mark.parametrize('words', commands())
def test_every_command_goes_by_its_name_and_has_its_work(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*words.split(), '--help'])
    assert stop.value.code == 0
    assert f'usage: vsd-mot {words}' in capsys.readouterr().out
    name = commands()[words]
    if not hasattr(verb_module(name), 'work'):
        module = importlib.import_module(f'vsd_mot.commands.{name}')
        assert callable(module.main)
        assert callable(module.parse_args)


def test_the_module_is_a_command_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', ['vsd_mot.commands', '--help'])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module('vsd_mot.commands', run_name='__main__')
    assert stop.value.code == 0
    assert 'usage: vsd-mot ' in capsys.readouterr().out
