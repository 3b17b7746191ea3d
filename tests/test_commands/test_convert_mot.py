"""The converters as commands."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

from converter_samples import crowdhuman

TOOLS = Path(__file__).parents[2] / 'tools' / 'dataset_converters'


def run_tool(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> int | str:
    """Run a tool in this process, for importing everything anew takes long; its exit status."""
    monkeypatch.setattr(sys, 'argv', [name, *arguments])
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(TOOLS / name), run_name='__main__')
    return stop.value.code or 0


def test_command_lines(tmp_path, monkeypatch, capsys):
    data = tmp_path / 'synthetic'
    small = '--size 96x64 --frames 3 --train-sequences 1 --val-sequences 1 --people 1 2'
    assert not run_tool('make_synthetic.py', str(data), *small.split(), monkeypatch=monkeypatch)
    assert 'train: 1 sequences, 3 frames' in capsys.readouterr().out
    assert (data / 'annotations' / 'val.json').is_file()
    arguments = [str(data), '-o', str(tmp_path / 'ann'), '--val-sequences', 'SYN-T01']
    assert not run_tool('mot2coco.py', *arguments, monkeypatch=monkeypatch)
    assert 'val: 1 sequences, 3 frames' in capsys.readouterr().out
    arguments = [str(data), '-o', str(tmp_path), '--split', 'half']
    assert not run_tool('mot2coco.py', *arguments, monkeypatch=monkeypatch)
    assert (tmp_path / 'half-val.json').is_file()
    crowdhuman(tmp_path / 'ch', [dict(ID='x', gtboxes=[])], place='p')
    arguments = [str(tmp_path / 'ch'), '--subsets', 'val', '--images', 'val=p']
    assert not run_tool('crowdhuman2coco.py', *arguments, monkeypatch=monkeypatch)
    assert 'val: 1 images, 0 people' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('tool', 'arguments', 'message'),
    [
        ('make_synthetic.py', ['{}', '--size', 'big'], '--size must look like 384x224'),
        ('make_synthetic.py', ['{}', '--frames', '0'], 'make_synthetic: frames must be at least 1'),
        ('mot2coco.py', ['{}/none'], 'mot2coco: .*none is not a folder'),
        ('mot2coco.py', ['{}', '--split-list', 'train'], '--split-list takes SPLIT=FILE'),
        ('mot2coco.py', ['{}', '--split-list', '../x=y'], '--split-list takes SPLIT=FILE'),
        ('crowdhuman2coco.py', ['{}'], 'crowdhuman2coco: there is no .*odgt'),
        ('crowdhuman2coco.py', ['{}', '--images', 'test=x'], '--images takes SUBSET=FOLDER'),
    ],
)
def test_command_line_errors(tmp_path, monkeypatch, capsys, tool, arguments, message):
    arguments = [argument.format(tmp_path) for argument in arguments]
    assert run_tool(tool, *arguments, monkeypatch=monkeypatch)
    assert re.search(message, capsys.readouterr().err)
