"""ONNX Runtime and OpenVINO behind one interface."""

import sys
from pathlib import Path

import numpy as np
import pytest

from vsd_mot.errors import ExportError
from vsd_mot.export.runtimes import build_runtime
from vsd_mot.extras import MissingExtraError


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_outputs_go_by_name_and_outlive_the_next_run(graphs: Path, backend: str) -> None:
    run = build_runtime(backend, threads=1).load(graphs / 'queries.onnx')

    def inputs(count: int) -> dict[str, np.ndarray]:
        boxes = np.full((count, 4), 0.1 * count, np.float32)
        return dict(proposal_boxes=boxes, proposal_scores=boxes[:, 0])

    first = run(**inputs(3))
    assert set(first) == {'references', 'contents'}
    kept = first['references'].copy()
    run(**inputs(2))
    np.testing.assert_array_equal(first['references'], kept)
    np.testing.assert_allclose(kept[10:], np.full((3, 4), 0.3), rtol=1e-6)


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_what_is_no_graph(tmp_path: Path, backend: str) -> None:
    path = tmp_path / 'step.onnx'
    path.write_bytes(b'no graph')
    with pytest.raises(ExportError, match=r'cannot run .*step\.onnx'):
        build_runtime(backend).load(path)


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_missing_package(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, backend, None)
    with pytest.raises(MissingExtraError, match=rf"{backend}: pip install 'vsd_mot\[export\]'"):
        build_runtime(backend)


def test_unknown_backend() -> None:
    with pytest.raises(ExportError, match="no backend 'tensorrt': choose one of onnxruntime, on"):
        build_runtime('tensorrt')


def test_no_gpu_in_this_onnxruntime() -> None:
    import onnxruntime

    if 'CUDAExecutionProvider' in onnxruntime.get_available_providers():
        assert build_runtime('onnxruntime-cuda')
        return
    with pytest.raises(ExportError, match='sees no GPU'):
        build_runtime('onnxruntime-cuda')


def test_bf16_where_the_processor_has_it() -> None:
    import openvino

    if 'BF16' in openvino.Core().get_property('CPU', 'OPTIMIZATION_CAPABILITIES'):
        assert not build_runtime('openvino-bf16').exact
        return
    with pytest.raises(ExportError, match='does not multiply in bf16'):
        build_runtime('openvino-bf16')
