"""Folders of graphs that are of another model, damaged, or none."""

import json
import shutil
from pathlib import Path

import pytest

from graph_samples import small_tracker
from vsd_mot.errors import ExportError, TrackingError
from vsd_mot.export.manifest import Manifest, digest_of
from vsd_mot.models.query_tracking import MOTRv2
from vsd_mot.models.semantics.dswr import FixedFusion


@pytest.fixture
def copy(graphs: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graphs, tmp_path / 'copy'))


def change(folder: Path, **fields) -> None:
    path = folder / 'graphs.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_of_its_model(graphs: Path, tracker: MOTRv2) -> None:
    Manifest.read(graphs).require(digest_of(tracker), graphs)


def test_tracking_does_not_change_the_digest(tracker: MOTRv2) -> None:
    before = digest_of(tracker)
    tracker.lifecycle.next_id, tracker.video = 7, 'street'
    assert digest_of(tracker) == before
    tracker.reset()


@pytest.mark.parametrize('changes', [dict(seed=1), dict(lifecycle__birth_threshold=0.6)])
def test_another_model_is_refused(graphs: Path, changes: dict) -> None:
    """Other weights; other settings, which programs take from the manifest."""
    with pytest.raises(ExportError, match=r'are of another model \(small\)'):
        Manifest.read(graphs).require(digest_of(small_tracker(**changes)), graphs)


def test_no_folder_of_graphs(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r'has no graphs\.json.*vsd-mot export'):
        Manifest.read(tmp_path)


def test_foreign_graph(copy: Path) -> None:
    (copy / 'step.onnx').write_bytes(b'something else')
    with pytest.raises(ExportError, match=r'step\.onnx is not the graph that was exported'):
        Manifest.read(copy)


def test_missing_graph(copy: Path) -> None:
    (copy / 'step.onnx').unlink()
    with pytest.raises(ExportError, match=r'step\.onnx is missing'):
        Manifest.read(copy)


@pytest.mark.parametrize(
    ('fields', 'message'),
    [
        (dict(version=99), 'is of version 99'),
        (dict(size=[1, 2, 3]), 'is damaged'),
        (dict(surprise=1), 'is damaged'),
        (dict(files={'../../etc/passwd': ''}), 'passwd is missing'),
    ],
)
def test_damaged_manifest(copy: Path, fields: dict, message: str) -> None:
    change(copy, **fields)
    with pytest.raises(ExportError, match=message):
        Manifest.read(copy)


def test_text_that_is_no_manifest(copy: Path) -> None:
    (copy / 'graphs.json').write_text('[1')
    with pytest.raises(TrackingError, match='not JSON'):
        Manifest.read(copy)


def test_weights_that_no_checkpoint_holds_count() -> None:
    one, same, other = (FixedFusion(weight) for weight in (0.3, 0.3, 0.5))
    assert not one.state_dict()
    assert digest_of(one) == digest_of(same)
    assert digest_of(one) != digest_of(other)
