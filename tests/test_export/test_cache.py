"""Graphs that are kept."""

from pathlib import Path

import pytest

from vsd_mot.export import build_runtime
from vsd_mot.export.cache import cache_folder, graphs_of_any_size
from vsd_mot.models.query_tracking import MOTRv2


def test_graphs_of_a_size_are_made_once(tracker: MOTRv2, tmp_path: Path) -> None:
    runtime = build_runtime('onnxruntime', threads=1)
    source = graphs_of_any_size(tracker, tmp_path, runtime)
    folder = source((32, 32))
    written = (folder / 'graphs.json').stat().st_mtime_ns
    assert source((32, 32)) == folder
    assert (folder / 'graphs.json').stat().st_mtime_ns == written


def test_graphs_are_kept_where_caches_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    assert cache_folder() == tmp_path / 'vsd_mot' / 'graphs'
    monkeypatch.delenv('XDG_CACHE_HOME')
    assert cache_folder() == Path.home() / '.cache/vsd_mot/graphs'
