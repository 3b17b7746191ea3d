"""Every documented way to test, run as a user runs it, on a small synthetic set."""

import json
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmtrack.registry import MODELS

from command_runs import parse, run
from vsd_mot.commands.test import main
from vsd_mot.engine.model_card import ModelCard
from vsd_mot.engine.weight_files.packing import pack


@pytest.fixture(scope='module')
def checkpoint(tinier_config: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of the tinier tracker before it was trained."""
    path = tmp_path_factory.mktemp('weights') / 'start.pth'
    with DefaultScope.overwrite_default_scope('mmtrack'):
        model = MODELS.build(Config.fromfile(tinier_config).model)
    model.init_weights()
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return path


def test_mim_run_mmtrack_test(tinier_config: str, checkpoint: Path, tmp_path: Path) -> None:
    output = run(
        *('mim', 'run', 'mmtrack', 'test', tinier_config),
        *('--checkpoint', checkpoint, '--work-dir', tmp_path),
    )
    assert 'motchallenge-metric/HOTA: ' in output
    # This project's check of the checkpoint is at work in the host's script, and had no complaint.
    assert 'CheckpointFitHook' in output
    assert 'does not fit' not in output


@pytest.mark.parametrize('by_mim', [True, False])
def test_checkpoint_is_tested(
    tinier_config: str,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by_mim: bool,
) -> None:
    metrics = tmp_path / 'metrics.json'
    rest = ('--work-dir', tmp_path, '--out', metrics)
    if by_mim:
        run('mim', 'test', 'vsd_mot', tinier_config, '--checkpoint', checkpoint, *rest)
    else:
        monkeypatch.setenv('LOCAL_RANK', '0')  # the command sets it, and it is restored
        packed = tmp_path / 'start.safetensors'
        pack(checkpoint, packed, ModelCard())
        assert main([tinier_config, str(packed), *map(str, rest)]) == 0
    values = json.loads(metrics.read_text())
    assert 0 <= values['motchallenge-metric/HOTA'] <= 100
    assert {'DetA', 'AssA', 'MOTA', 'IDF1'} <= {name.split('/')[1] for name in values}


def test_graphs_have_the_metrics_of_pytorch(
    tinier_config: str, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('LOCAL_RANK', '0')
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    results = []
    for backend in ('pytorch', 'onnxruntime'):
        metrics = tmp_path / f'{backend}.json'
        rest = ('--backend', backend, '--work-dir', tmp_path, '--out', metrics)
        assert main([tinier_config, str(checkpoint), *map(str, rest)]) == 0
        results.append(json.loads(metrics.read_text()))
    assert any((tmp_path / 'vsd_mot/graphs').rglob('step.onnx'))
    assert results[0] == pytest.approx(results[1], abs=1e-6)


def test_checkpoint_as_argument_or_as_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert parse('test', monkeypatch, 'c.py', 'x.pth').checkpoint == 'x.pth'
    assert parse('test', monkeypatch, 'c.py', '--checkpoint', 'x.pth').checkpoint == 'x.pth'
    assert parse('test', monkeypatch, 'c.py').checkpoint is None
    for wrong, message in (
        (['x.pth', '--checkpoint', 'x.pth'], 'the checkpoint is given twice'),
        (['x.pth', '--out', 'results.pkl'], 'results.pkl: the metrics are written as JSON'),
    ):
        with pytest.raises(SystemExit):
            parse('test', monkeypatch, 'c.py', *wrong)
        assert message in capsys.readouterr().err
