"""Choosing what computes the networks."""

from pathlib import Path

import pytest

from api_samples import motrv2_tracker
from bright_box_tracker import BrightBoxTracker
from vsd_mot.apis import Tracker, use_backend
from vsd_mot.errors import ExportError
from vsd_mot.export import GraphNetworks


@pytest.fixture(scope='module')
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    return motrv2_tracker(tmp_path_factory.mktemp('tracker'))


def test_there_and_back(tracker: Tracker) -> None:
    use_backend(tracker, 'onnxruntime')
    assert isinstance(tracker.model.networks, GraphNetworks)
    use_backend(tracker, None)
    assert tracker.model.networks is tracker.model


def test_pytorch_runs_no_graphs(tracker: Tracker, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match='PyTorch runs no graphs'):
        use_backend(tracker, 'pytorch', graphs=tmp_path)


def test_other_trackers_stay_with_pytorch(tracker: Tracker) -> None:
    other = Tracker(BrightBoxTracker(), tracker.pipeline, classes=('pedestrian',))
    use_backend(other, 'pytorch')
    with pytest.raises(ExportError, match='BrightBoxTracker cannot be exported'):
        use_backend(other, 'openvino')
