import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from vsd_mot.models.semantics import BackboneEncoder

ROOT = Path(__file__).parents[2]
TOOL = ROOT / 'tools/dataset_converters/cache_teacher.py'
FAMILY = 'tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic'
BACKBONE = dict(type='mmdet.ResNet', depth=18, base_channels=8, norm_cfg=dict(type='BN'))


@pytest.fixture(scope='module')
def config(synthetic_set, with_data_root, tmp_path_factory) -> Path:
    """The tiny VSD-MOT on a small set and a copy of it, with a small teacher."""
    folder = tmp_path_factory.mktemp('cache')
    shutil.copytree(synthetic_set, folder / 'low')
    torch.manual_seed(0)
    teacher = BackboneEncoder(BACKBONE, weights=None, embed_dims=64)
    torch.save(teacher.backbone.state_dict(), folder / 'teacher.pth')
    cfg = Config.fromfile(ROOT / 'configs/vsd_mot' / f'distill_{FAMILY}.py')
    with_data_root(cfg, synthetic_set)
    low, clean = cfg.train_dataloader.dataset.datasets
    low.data_root = str(folder / 'low')
    roots = {low.data_root: str(synthetic_set)}
    for source in (low, clean):
        source.pipeline[0].transforms[-1].clean_roots = roots
    distillation = cfg.model.semantics.distillation
    distillation.teacher = dict(
        type='BackboneEncoder',
        backbone=BACKBONE,
        weights=str(folder / 'teacher.pth'),
        embed_dims=64,
        size=(64, 64),
    )
    distillation.store = str(folder / 'store')
    return write_config(cfg, folder / 'config.py')


def write_config(cfg: Config, path: Path) -> Path:
    """Write a config whose dictionaries have paths as keys, which MMEngine's own dump cannot."""
    content = json.dumps(cfg.to_dict())
    path.write_text(f'import json\n\nglobals().update(json.loads({content!r}))\n')
    return path


def run(*args: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, TOOL, *map(str, args)], capture_output=True, text=True, timeout=300
    )


def test_features_are_computed_once_by_several_processes(config):
    first = run(config, '--workers', 2, '--batch-size', 4)
    assert first.returncode == 0, first.stderr
    # 2 sequences of 10 frames; the copy's originals are the same files
    assert '20 images encoded, 0 were stored before' in first.stdout
    store = Path(Config.fromfile(config).model.semantics.distillation.store)
    files = list(store.glob('*/*/*.npy'))
    assert len(files) == 20
    files[0].unlink()
    second = run(config)
    assert '1 images encoded, 19 were stored before' in second.stdout
    assert len(list(store.glob('*/*/*.npy'))) == 20


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ([], 'there is no config nowhere.py'),
        (['--cfg-options', 'train_dataloader.dataset.datasets.0.data_root=gone'],
         'there is no annotation file gone/annotations/train.json'),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(config, monkeypatch, capsys, options, message):
    arguments = [TOOL, config if options else 'nowhere.py', *options]
    monkeypatch.setattr(sys, 'argv', list(map(str, arguments)))
    with pytest.raises(SystemExit, match='1'):
        runpy.run_path(str(TOOL), run_name='__main__')
    assert f'cache_teacher: {message}' in capsys.readouterr().err


def test_what_is_wrong_is_said(config):
    plain = run(ROOT / 'configs/vsd_mot' / f'motrv2_{FAMILY}.py')
    assert plain.returncode == 1
    assert 'nothing is distilled' in plain.stderr
    cfg = Config.fromfile(config)
    cfg.train_dataloader.dataset.datasets[0].pipeline[0].transforms.pop()
    found = run(write_config(cfg, config.with_name('without_view.py')))
    assert found.returncode == 1
    assert 'no LoadTeacherView' in found.stderr
    assert 'Traceback' not in found.stderr
