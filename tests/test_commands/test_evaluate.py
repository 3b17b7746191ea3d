"""The command that scores result files."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from mot_samples import sequence, write

TOOL = Path(__file__).parents[2] / 'tools' / 'analysis_tools' / 'evaluate.py'


def call(*arguments) -> int:
    """Runs the script in this process; returns its exit status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, 'argv', [str(TOOL), *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(TOOL), run_name='__main__')
    return left.value.code


def test_command(tmp_path, capsys):
    rows = sequence(tmp_path / 'gt')
    write(tmp_path / 'results' / 'walk.txt', rows, '1,-1,-1,-1')
    out = tmp_path / 'new' / 'scores.json'
    assert not call(tmp_path / 'gt', tmp_path / 'results', '--out', out)
    printed = capsys.readouterr().out
    assert 'HOTA' in printed
    assert '100.0' in printed
    assert json.loads(out.read_text())['walk']['HOTA'] == pytest.approx(1.0)


def test_command_that_cannot_score(tmp_path, capsys):
    sequence(tmp_path / 'gt')
    assert call(tmp_path / 'gt', tmp_path) == 1
    assert capsys.readouterr().err.startswith('error: 1 of 1 result files are missing')
