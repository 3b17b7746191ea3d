from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmtrack.registry import DATASETS, MODELS
from mmtrack.utils import register_all_modules

from vsd_samples import PatchEncoder

CONFIGS = Path(__file__).parents[3] / 'configs/vsd_mot'
RUNGS = ['distill', 'dcsd', 'vsd-mot']


@pytest.fixture(scope='module')
def config(synthetic_set, with_data_root, tmp_path_factory):
    """A rung of the tiny ladder on a small set, taught by a small encoder."""
    register_all_modules(init_default_scope=True)

    def build(rung: str) -> Config:
        path = next(CONFIGS.glob(f'{rung}_tiny_*.py'))
        cfg = with_data_root(Config.fromfile(path), synthetic_set)
        for source in cfg.train_dataloader.dataset.datasets:
            source.pipeline[0].transforms[-1] = dict(type='LoadTeacherView')
        distillation = cfg.model.semantics.distillation
        distillation.teacher = dict(type=PatchEncoder.__name__)
        distillation.loss.teacher_dims = 24
        distillation.store = str(tmp_path_factory.mktemp('store'))
        return cfg

    return build


@pytest.mark.parametrize('rung', RUNGS)
def test_a_rung_of_the_tiny_ladder_takes_a_training_step(config, rung):
    cfg = config(rung)
    torch.manual_seed(0)
    model = MODELS.build(cfg.model).train()
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    data = model.data_preprocessor(pseudo_collate([dataset[0], dataset[7]]), training=True)
    torch.manual_seed(1)
    losses = model(**data, mode='loss')
    total, log = model.parse_losses(losses)
    total.backward()
    assert {'loss_distill', 'student_spread', 'teacher_rms'} <= set(log)
    assert total.isfinite()
    semantics = model.semantics
    for part in (semantics.source, semantics.fusion, semantics.distillation):
        for name, parameter in part.named_parameters():
            assert parameter.grad is not None, name
    teacher = semantics.distillation.teacher()
    seen = teacher.seen
    assert 0 < seen <= sum(len(clip) for clip in data['inputs']['img'])
    torch.manual_seed(1)
    with torch.no_grad():
        again = model(**data, mode='loss')
    assert teacher.seen == seen  # all of them are in the store
    torch.testing.assert_close(again['loss_distill'], losses['loss_distill'], atol=1e-5, rtol=1e-4)


def test_what_the_tracker_sees_is_in_the_result(config):
    cfg = config('vsd-mot')
    model = MODELS.build(cfg.model).eval()
    dataset = DATASETS.build(cfg.val_dataloader.dataset)
    data = model.data_preprocessor(pseudo_collate([dataset[0], dataset[1]]))
    samples = model(**data, mode='predict')
    for sample in samples:
        seen = sample.semantics
        assert set(seen) == {'quality', 'clarity', 'noise', 'contrast', 'semantic_weight'}
        assert all(0 <= value <= 1 for value in seen.values())
    fusion = model.semantics.fusion
    expected = fusion.weight(torch.tensor(samples[0].semantics['quality']))
    assert samples[0].semantics['semantic_weight'] == pytest.approx(expected.item(), abs=1e-6)
    assert not model.semantics.distillation._teacher
