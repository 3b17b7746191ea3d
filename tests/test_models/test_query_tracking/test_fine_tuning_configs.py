"""The configs that go on from the shipped weights: they fit, and the parts that should learn do."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from vsd_mot.engine import load_weights
from vsd_mot.engine.runners import build_runner

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ('name', 'clip_length', 'learning'),
    [
        ('motrv2_tiny_1xb1-2e_own-data', 5, {'backbone', 'neck.0', 'neck.1', 'decoder', 'head'}),
        (
            'motrv2_tiny-t10_1xb1-2e_synthetic_test-synthetic',
            10,
            {'neck.1', 'decoder', 'head'},
        ),
    ],
)
def test_goes_on_from_the_shipped_weights(
    name, clip_length, learning, synthetic_set, with_data_root, tmp_path
):
    config = Config.fromfile(ROOT / f'configs/motrv2/{name}.py')
    config = with_data_root(config, synthetic_set)
    config.work_dir = str(tmp_path)
    config.param_scheduler = []
    with DefaultScope.overwrite_default_scope('mmtrack'):
        runner = build_runner(config)
        runner.load_or_resume()
        loader = runner.build_dataloader(config.train_dataloader)
        wrapper = runner.build_optim_wrapper(config.optim_wrapper)
    shipped = load_weights(ROOT / 'demo/motrv2_tiny_synthetic.pth')['state_dict']
    before = {key: value.clone() for key, value in runner.model.state_dict().items()}
    assert before.keys() == shipped.keys()
    for key, value in before.items():
        torch.testing.assert_close(value, shipped[key].to(value.dtype), rtol=0, atol=0)

    sample = next(iter(loader))
    assert sample['inputs']['img'][0].shape[0] == clip_length
    runner.model.train()
    losses = runner.model.train_step(sample, wrapper)
    assert all(torch.isfinite(value).all() for value in losses.values())
    changed = {
        key.rpartition('.')[0]
        for key, value in runner.model.named_parameters()
        if not torch.equal(value, before[key])
    }
    parts = {'backbone', 'neck.0', 'neck.1', 'decoder', 'head'}
    assert {part for part in parts if any(key.startswith(part) for key in changed)} == learning
