"""A recording for Rerun, read back by Rerun's own program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from result_samples import results
from vsd_mot.extras import MissingExtraError
from vsd_mot.video.writers import RerunWriter

RERUN = Path(sys.executable).with_name('rerun')


def rows(chunk: str) -> list[str]:
    return re.findall('^.*row_.*$', chunk, re.MULTILINE)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip('│ ').split('┆')]


def test_it_is_read_back(tmp_path) -> None:
    file = tmp_path / 'walk.rrd'
    with RerunWriter(file, name='walk', max_side=32) as writer:
        for result in results(6):
            writer.write(result, None)
    command = [RERUN, 'rrd', 'print', '-vvv', file]
    # A home of its own: Rerun then takes every call for the first, of which it reports nothing.
    home = {**os.environ, 'HOME': str(tmp_path), 'XDG_CONFIG_HOME': str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=home)
    chunks = dict(re.findall(r'^Chunk\(.*? with 6 rows .*? - /(\S+) -(.*?)(?=^Chunk|\Z)',
                             done.stdout, re.MULTILINE | re.DOTALL))  # fmt: skip
    assert set(chunks) == {'video', 'video/tracks', 'quality', 'semantic_weight', 'tracks'}
    assert [cells(line)[-1] for line in rows(chunks['quality'])] == [
        f'[{number / 20:g}]'.replace('[0]', '[0.0]') for number in range(6)
    ]
    for chunk in chunks.values():
        assert [cells(line)[1] for line in rows(chunk)] == list('123456')
        assert [cells(line)[3] for line in rows(chunk)][1] == 'PT0.1S'
    assert 'image/jpeg' in chunks['video']
    labels = rows(chunks['video/tracks'])
    print(labels)
    assert all(re.search(r'\[1, 2\]', line) for line in labels)


def test_no_frames_no_recording(tmp_path) -> None:
    assert RerunWriter(tmp_path / 'walk.rrd').close() is None
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_with_its_line(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, 'rerun', None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'vsd_mot[rerun]'")):
        RerunWriter(tmp_path / 'walk.rrd')
