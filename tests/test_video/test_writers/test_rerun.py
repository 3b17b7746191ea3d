"""A recording for Rerun, read back by Rerun's own program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from result_samples import results
from vsd_mot.extras import MissingExtraError
from vsd_mot.video.writers import RerunWriter

RERUN = Path(sys.executable).with_name('rerun')


def test_it_is_read_back(tmp_path) -> None:
    file = tmp_path / 'walk.rrd'
    with RerunWriter(file, name='walk', max_side=32) as writer:
        for result in results(6):
            writer.write(result, None)
    command = [RERUN, 'rrd', 'print', '-vvv', file]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    print(done.stdout[:6000], done.stderr[:2000])
    assert 0


def test_no_frames_no_recording(tmp_path) -> None:
    assert RerunWriter(tmp_path / 'walk.rrd').close() is None
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_with_its_line(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, 'rerun', None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'vsd_mot[rerun]'")):
        RerunWriter(tmp_path / 'walk.rrd')
