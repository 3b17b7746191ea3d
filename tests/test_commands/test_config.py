"""The command that prints a config."""

import runpy
import sys
from pathlib import Path

import pytest
from mmengine.config import Config

from vsd_mot.commands.config import main
from vsd_mot.engine.configs import shipped_configs

ROOT = Path(__file__).parents[2]
NAME = 'vsd_mot/vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'


def read_back(text: str, folder: Path) -> dict:
    """Return a printed config as a reader of it gets it."""
    (folder / 'printed.py').write_text(text)
    return Config.fromfile(folder / 'printed.py').to_dict()


def test_the_whole_is_printed_and_can_be_read_again(tmp_path, capsys):
    path = shipped_configs()[NAME]
    assert main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert '_base_ =' not in printed
    assert read_back(printed, tmp_path) == Config.fromfile(path).to_dict()
    assert main([NAME.split('/')[-1]]) == 0
    assert capsys.readouterr().out == printed, 'a shipped config goes by its name, too'


def test_options_are_in_what_is_printed(tmp_path, capsys):
    assert main([NAME, '--cfg-options', 'model.size_divisor=32', 'randomness.seed=5']) == 0
    printed = read_back(capsys.readouterr().out, tmp_path)
    assert printed['model']['size_divisor'] == 32
    assert printed['randomness']['seed'] == 5


def test_a_part_of_a_config_is_printed(capsys):
    assert main([str(ROOT / 'configs/_base_/datasets/synthetic.py')]) == 0
    assert 'train_dataloader' in capsys.readouterr().out


def test_mistakes_are_one_line(capsys):
    assert main(['vsd-mot_nonsense']) == 1
    assert 'print_config: there is no config vsd-mot_nonsense' in capsys.readouterr().err
    assert main([NAME, '--cfg-options', 'default_scope.depth=3']) == 1
    assert 'do not fit' in capsys.readouterr().err


def test_the_script_is_the_command(monkeypatch, capsys):
    script = str(ROOT / 'tools/misc/print_config.py')
    monkeypatch.setattr(sys, 'argv', [script, NAME])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(script, run_name='__main__')
    assert left.value.code == 0
    assert 'semantics=dict(' in capsys.readouterr().out
