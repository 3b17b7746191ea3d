"""The loop over frames with graphs in place of PyTorch."""

from pathlib import Path

import pytest
import torch

from graph_samples import SIZE
from tracking_samples import make_video
from vsd_mot.errors import ExportError
from vsd_mot.export import GraphNetworks, build_runtime, fixed_graphs
from vsd_mot.models.query_tracking import MOTRv2


def run(model: MOTRv2, frames: list) -> list:
    model.reset()
    results = []
    for inputs, sample in frames:
        (tracked,) = model.predict(
            {key: value.clone() for key, value in inputs.items()}, [sample.clone()]
        )
        results.append(tracked)
    return results


@pytest.fixture
def model(tracker: MOTRv2):
    yield tracker
    tracker.runtime = None
    tracker.reset()


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_tracks_are_those_of_pytorch(model: MOTRv2, graphs: Path, backend: str) -> None:
    assert_same_tracks(model, graphs, backend)


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_tracks_of_vse_mot(vse_tracker: MOTRv2, vse_graphs: Path, backend: str) -> None:
    assert_same_tracks(vse_tracker, vse_graphs, backend)


def assert_same_tracks(model: MOTRv2, graphs: Path, backend: str) -> None:
    frames = make_video(6)
    for inputs, _ in frames:
        # As the preprocessing of this config gives them: BGR, not normalised.
        inputs['img'] = inputs['raw'].flip(2).float()
    wanted = run(model, frames)
    model.runtime = GraphNetworks(model, fixed_graphs(graphs), build_runtime(backend, threads=1))
    computed = run(model, frames)
    model.runtime = None
    assert sum(len(one.pred_track_instances) for one in wanted) > 6
    for reference, tracked in zip(wanted, computed):
        expected, given = reference.pred_track_instances, tracked.pred_track_instances
        assert given.instances_id.tolist() == expected.instances_id.tolist()
        extent = max(reference.ori_shape)
        torch.testing.assert_close(given.bboxes, expected.bboxes, rtol=0, atol=1e-3 * extent)
        torch.testing.assert_close(given.scores, expected.scores, rtol=0, atol=1e-3)
        assert tracked.get('semantics') == pytest.approx(reference.get('semantics'), abs=1e-4)


def test_frames_of_another_size(model: MOTRv2, graphs: Path) -> None:
    networks = GraphNetworks(model, fixed_graphs(graphs), build_runtime('onnxruntime'))
    assert networks.graphs(SIZE) is networks.graphs(SIZE)
    with pytest.raises(ExportError, match=r'take frames of 96 x 64.* as 128 x 96.*--like'):
        networks.graphs((96, 128))


def test_no_proposals_and_no_detector(model: MOTRv2, graphs: Path) -> None:
    model.runtime = GraphNetworks(model, fixed_graphs(graphs), build_runtime('onnxruntime'))
    ((inputs, sample),) = make_video(1)
    del sample.proposals
    with pytest.raises(ValueError, match='no proposals and no detector'):
        model.predict(inputs, [sample])
