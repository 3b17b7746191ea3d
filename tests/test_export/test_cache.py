"""Graphs that are kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vsd_mot.export import build_runtime, cache
from vsd_mot.export.cache import cache_folder, graphs_of_any_size
from vsd_mot.fileio import write_atomically
from vsd_mot.models.query_tracking import MOTRv2


def test_graphs_of_a_size_are_made_once(tracker: MOTRv2, tmp_path: Path) -> None:
    runtime = build_runtime('onnxruntime', threads=1)
    source = graphs_of_any_size(tracker, tmp_path, runtime)
    folder = source((32, 32))
    written = (folder / 'graphs.json').stat().st_mtime_ns
    assert source((32, 32)) == folder
    assert (folder / 'graphs.json').stat().st_mtime_ns == written


def test_two_at_once_make_them_once(
    tracker: MOTRv2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def export(_model: MOTRv2, folder: Path, **_options: object) -> None:
        made.append(folder)
        time.sleep(0.1)
        write_atomically(folder / 'graphs.json', '{}')

    monkeypatch.setattr(cache, 'export_tracker', export)
    runtime = build_runtime('onnxruntime', threads=1)
    sources = [graphs_of_any_size(tracker, tmp_path, runtime) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        folders = list(pool.map(lambda source: source((32, 32)), sources))
    assert folders[0] == folders[1] == made[0]
    assert len(made) == 1
    assert [path.name for path in folders[0].parent.iterdir()] == ['32x32']


def test_graphs_are_kept_where_caches_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    assert cache_folder() == tmp_path / 'vsd_mot' / 'graphs'
    monkeypatch.delenv('XDG_CACHE_HOME')
    assert cache_folder() == Path.home() / '.cache/vsd_mot/graphs'
