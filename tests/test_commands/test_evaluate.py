"""The command that scores result files."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from mot_samples import sequence, write

TOOL = Path(__file__).parents[2] / 'tools' / 'analysis_tools' / 'evaluate.py'


def test_command(tmp_path):
    rows = sequence(tmp_path / 'gt')
    write(tmp_path / 'results' / 'walk.txt', rows, '1,-1,-1,-1')
    out = tmp_path / 'new' / 'scores.json'
    folders = [str(tmp_path / 'gt'), str(tmp_path / 'results')]
    done = subprocess.run(
        [sys.executable, str(TOOL), *folders, '--out', str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'HOTA' in done.stdout
    assert '100.0' in done.stdout
    assert json.loads(out.read_text())['walk']['HOTA'] == pytest.approx(1.0)


def test_command_that_cannot_score(tmp_path, monkeypatch, capsys):
    sequence(tmp_path / 'gt')
    monkeypatch.setattr(sys, 'argv', [str(TOOL), str(tmp_path / 'gt'), str(tmp_path)])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(TOOL), run_name='__main__')
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith('error: 1 of 1 result files are missing')
