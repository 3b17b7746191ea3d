"""Other work during a measurement."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from vsd_mot.evaluation.benchmark import disturbance
from vsd_mot.evaluation.benchmark.disturbance import Disturbance, busy_seconds


def test_work_of_others_is_seen() -> None:
    watch = Disturbance()
    subprocess.run([sys.executable, '-c', 'sum(range(40_000_000))'], check=True)
    assert watch.cores() > 0.3
    assert 'other work kept' in watch.warning()


def test_own_work_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both counters go on by this process's second."""
    moments = iter([(0.0, 100.0, 10.0), (2.0, 101.05, 11.0)])
    monkeypatch.setattr(disturbance, '_now', lambda: next(moments))
    watch = Disturbance()
    assert watch.cores() == pytest.approx(0.025)


def test_counted_as_linux_counts(tmp_path: Path) -> None:
    stat = tmp_path / 'stat'
    stat.write_text('cpu 100 50 25 9999 9999 10 10 5 0 0\ncpu0 1\n')
    assert busy_seconds(stat) == pytest.approx(2.0)
    assert busy_seconds(tmp_path / 'none') is None


def test_nobody_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disturbance, 'STAT', Path('/nowhere'))
    monkeypatch.setattr(disturbance, '_now', lambda: (time.monotonic(), None, 0.0))
    watch = Disturbance()
    assert watch.cores() is None
    assert watch.warning() is None
