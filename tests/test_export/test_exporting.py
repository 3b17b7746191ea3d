"""Folders of graphs: all or nothing, and only such as are right."""

from pathlib import Path

import onnx
import pytest
import torch
from mmtrack.registry import MODELS

from graph_samples import SEMANTICS, SIZE, VSE_MAPS, VSE_SEMANTICS, small_tracker, write_graphs
from random_detector import detector_config, random_detector
from vsd_mot.errors import ExportError
from vsd_mot.export import build_runtime, export_detector
from vsd_mot.export.exporting import new_folder
from vsd_mot.export.manifest import Manifest
from vsd_mot.models.query_tracking import MOTRv2
from vsd_mot.models.semantics import VSFM


def operators(path: Path) -> set[tuple[str, str]]:
    return {(node.domain, node.op_type) for node in onnx.load(str(path)).graph.node}


def test_graphs_hold_standard_operators_alone(graphs: Path) -> None:
    names = {path.name for path in graphs.iterdir()}
    assert names == {'encoder.onnx', 'queries.onnx', 'step.onnx', 'handover.onnx', 'graphs.json'}
    used = set().union(*(operators(path) for path in graphs.glob('*.onnx')))
    assert {domain for domain, _ in used} == {''}
    assert ('', 'GridSample') in operators(graphs / 'step.onnx')
    assert ('', 'GridSample') in operators(graphs / 'encoder.onnx')


def test_manifest_describes_them(graphs: Path) -> None:
    manifest = Manifest.read(graphs)
    assert manifest.size == SIZE
    assert manifest.level_sizes == [(8, 12), (4, 6), (2, 3)]
    assert manifest.embed_dims == 128
    assert manifest.lifecycle['birth_threshold'] == 0.5
    assert manifest.detector_size is None


def test_graphs_of_vse_mot(vse_graphs: Path) -> None:
    """CLIP in the encoder, adapter and VSFM in the step; no weight, as VSFM has no one."""
    encoder, step = (
        onnx.load(str(vse_graphs / f'{one}.onnx')).graph for one in ('encoder', 'step')
    )
    assert [one.name for one in encoder.output] == ['tokens', 'image_feature']
    assert [one.name for one in step.input] == ['tokens', 'references', 'contents', 'image_feature']
    assert [one.name for one in step.output] == ['boxes', 'logits', 'states']
    used = set().union(*(operators(path) for path in vse_graphs.glob('*.onnx')))
    assert {domain for domain, _ in used} == {''}


def test_adapter_before_fixed_weights(tmp_path: Path, vse_tracker: MOTRv2) -> None:
    adapter = dict(type='MOTAdapter', norm='published', **VSE_MAPS)
    quality, fusion = dict(type='FrameQuality'), dict(type='FixedFusion')
    parts = dict(VSE_SEMANTICS, adapter=adapter, fusion=fusion, quality=quality)
    model = small_tracker(semantics=parts)
    torch.nn.init.normal_(model.semantics.adapter.readout.weight)
    write_graphs(tmp_path / 'graphs', model, 'openvino')
    step = onnx.load(str(tmp_path / 'graphs/step.onnx')).graph
    assert [one.name for one in step.output] == ['boxes', 'logits', 'states', 'weight']


def test_wrong_maps_are_not_written(
    tmp_path: Path, vse_tracker: MOTRv2, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VSFM, 'fusion_vector', lambda self, maps: maps.queries.rows.mean((0, 1, 2)))
    with pytest.raises(ExportError, match=r'the graph step is not right'):
        write_graphs(tmp_path / 'graphs', vse_tracker)
    assert not list(tmp_path.iterdir())


def test_fitted_quality_is_exported(tmp_path: Path) -> None:
    quality = dict(type='FittedFrameQuality')
    model = small_tracker(semantics=dict(SEMANTICS, quality=quality))
    write_graphs(tmp_path / 'graphs', model)
    encoder = build_runtime('onnxruntime', threads=1).load(tmp_path / 'graphs/encoder.onnx')
    ramp = torch.arange(256).repeat(3, SIZE[0], 1)[None, :, :, : SIZE[1]].to(torch.uint8)
    for frames in (ramp, torch.zeros_like(ramp), torch.randint_like(ramp, 256)):
        scores = model.semantics.quality.score(frames).components()
        expected = torch.stack(list(scores.values()), dim=1)
        computed = torch.from_numpy(encoder(frames=frames.numpy())['quality'])
        torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-4)


def test_wrong_graphs_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that draws numbers gives other ones each time: no graph can be equal to it."""
    model = small_tracker()
    head = model.head
    monkeypatch.setattr(head, 'classify', lambda layer, states: torch.randn(*states.shape[:-1], 1))
    with pytest.raises(ExportError, match=r'the graph step is not right.* its logits differ'):
        write_graphs(tmp_path / 'graphs', model)
    assert not list(tmp_path.iterdir())


def test_other_folders_stay(tmp_path: Path) -> None:
    (tmp_path / 'letter.txt').write_text('dear')
    with pytest.raises(ExportError, match='holds no exported graphs'), new_folder(tmp_path):
        pass
    assert (tmp_path / 'letter.txt').read_text() == 'dear'


def test_graphs_are_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / 'graphs'
    for content in ('old', 'new'):
        with new_folder(folder) as partial:
            (partial / 'graphs.json').write_text(content)
    assert (folder / 'graphs.json').read_text() == 'new'
    with pytest.raises(RuntimeError, match='stopped'), new_folder(folder):
        raise RuntimeError('stopped')
    assert (folder / 'graphs.json').read_text() == 'new'
    assert [path.name for path in tmp_path.iterdir()] == ['graphs']


@pytest.mark.filterwarnings('ignore:ProposalDetector has no checkpoint')
def test_yolox_by_itself(tmp_path: Path) -> None:
    detector = MODELS.build(
        dict(type='ProposalDetector', detector=detector_config(), input_scale=(128, 64))
    )
    detector.__dict__['detector'] = random_detector((64, 128))
    manifest = export_detector(
        detector, tmp_path / 'yolox', size=(90, 160), runtime=build_runtime('openvino'), config='y'
    )
    assert manifest.detector_size == (64, 114)
    assert list(manifest.files) == ['detector.onnx']
    assert manifest.detection['keep_labels'] == [0]
