import json
import shutil
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from vsd_mot.commands.cache_teacher import main
from vsd_mot.models.semantics import BackboneEncoder

ROOT = Path(__file__).parents[2]
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


def test_features_are_computed_once_by_several_processes(config, capsys):
    command = [str(config), '--workers', '2', '--batch-size', '4']
    assert main(command) == 0
    # 2 sequences of 10 frames; the copy's originals are the same files
    assert '20 images encoded, 0 were stored before' in capsys.readouterr().out
    store = Path(Config.fromfile(config).model.semantics.distillation.store)
    assert len(list(store.glob('*/*/*.npy'))) == 20


def without_view(config):
    """The same config without the transform that shows frames to the teacher."""
    cfg = Config.fromfile(config)
    cfg.train_dataloader.dataset.datasets[0].pipeline[0].transforms.pop()
    return write_config(cfg, config.with_name('without_view.py'))


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (lambda config: ['nowhere.py'], 'there is no config nowhere.py'),
        (
            lambda config: [
                *(config, '--cfg-options'),
                'train_dataloader.dataset.datasets.0.data_root=gone',
            ],
            'there is no annotation file gone/annotations/train.json',
        ),
        (lambda config: [ROOT / f'configs/vsd_mot/motrv2_{FAMILY}.py'], 'nothing is distilled'),
        (lambda config: [without_view(config)], 'no LoadTeacherView'),
    ],
)
def test_mistakes_are_one_line(config, capsys, arguments, message):
    assert main(list(map(str, arguments(config)))) == 1
    error = capsys.readouterr().err
    assert 'cache_teacher: ' in error
    assert message in error
    assert 'Traceback' not in error
