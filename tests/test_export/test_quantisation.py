"""Encoders in int8."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from graph_samples import SIZE
from vsd_mot.errors import ExportError
from vsd_mot.export import GraphNetworks, build_runtime, fixed_graphs
from vsd_mot.export.examples import pictures
from vsd_mot.export.manifest import Manifest
from vsd_mot.export.quantisation import quantise
from vsd_mot.models.query_tracking import MOTRv2

FRAMES = [pictures(1, SIZE, torch.Generator().manual_seed(seed)).numpy() for seed in range(8)]


@pytest.fixture(scope='module')
def rounded(graphs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(graphs, tmp_path_factory.mktemp('int8') / 'graphs'))
    assert quantise(folder, FRAMES).precision == 'int8'
    return folder


def test_encoder_is_near_the_exact_one(graphs: Path, rounded: Path) -> None:
    runtime = build_runtime('onnxruntime', threads=1)
    exact, near = (runtime.load(folder / 'encoder.onnx') for folder in (graphs, rounded))
    frame = FRAMES[0]
    wanted, given = exact(frames=frame), near(frames=frame)
    error = np.linalg.norm(wanted['tokens'] - given['tokens'])
    assert 0 < error < 0.2 * np.linalg.norm(wanted['tokens'])
    np.testing.assert_allclose(given['quality'], wanted['quality'], rtol=1e-4)


def test_only_what_looks_at_frames(graphs: Path, rounded: Path) -> None:
    kinds = {node.op_type for node in onnx.load(str(rounded / 'encoder.onnx')).graph.node}
    assert {'QuantizeLinear', 'DequantizeLinear'} <= kinds
    assert (rounded / 'step.onnx').read_bytes() == (graphs / 'step.onnx').read_bytes()
    small, large = ((one / 'encoder.onnx').stat().st_size for one in (rounded, graphs))
    assert small < large
    assert Manifest.read(rounded).precision == 'int8'
    assert {path.suffix for path in rounded.iterdir()} == {'.onnx', '.json'}


def test_not_twice(rounded: Path) -> None:
    with pytest.raises(ExportError, match='is int8 already'):
        quantise(rounded, FRAMES)


def test_frames_must_fit(graphs: Path) -> None:
    with pytest.raises(ExportError, match='3 frames are too few'):
        quantise(graphs, FRAMES[:3])
    with pytest.raises(ExportError, match='take videos of one size'):
        quantise(graphs, [frame[..., :32] for frame in FRAMES])


def test_openvino_refuses(rounded: Path, tracker: MOTRv2) -> None:
    networks = GraphNetworks(tracker, fixed_graphs(rounded), build_runtime('openvino'))
    with pytest.raises(ExportError, match='OpenVINO does not run the int8 graphs'):
        networks.graphs(SIZE)
    networks.runtime = build_runtime('onnxruntime')
    assert networks.graphs(SIZE).manifest.precision == 'int8'
