"""A checkpoint that does not fit is an error or a list in the log."""

from pathlib import Path

import pytest
import torch
from mmengine.model import BaseModule
from torch import nn

from toy_runner import ToyModel, build_runner
from vsd_mot.engine.checkpoint_fit import compare_checkpoint


def save(model: nn.Module, path: Path, **changes: torch.Tensor | None) -> str:
    """Saves the weights, with some of them replaced, added or (None) left out."""
    weights = {**model.state_dict(), **{k.replace('__', '.'): v for k, v in changes.items()}}
    torch.save({'state_dict': {k: v for k, v in weights.items() if v is not None}}, path)
    return str(path)


def read_log(work_dir: Path) -> str:
    """All that was logged."""
    return '\n'.join(path.read_text() for path in work_dir.rglob('*.log'))


def test_comparison_tells_what_does_not_fit() -> None:
    model = ToyModel(('first', 'second', 'third'))
    weights = {f'module.{key}': value for key, value in model.state_dict().items()}
    assert compare_checkpoint(model, weights).describe() == ''
    weights['module.first.weight'] = torch.zeros(2, 1)
    weights['extra.weight'] = torch.zeros(1)
    del weights['module.third.bias']
    fit = compare_checkpoint(model, weights)
    assert fit.fitting == 4
    assert fit.missing == ['third.bias']
    assert fit.mismatched == ['first.weight: (2, 1), (1, 1)']
    assert fit.unexpected == ['extra.weight']
    assert 'extra.weight' in fit.describe()


def test_parts_with_weights_of_their_own_may_be_missing() -> None:
    model = ToyModel(('linear',))
    model.detector = BaseModule(init_cfg=dict(type='Pretrained', checkpoint='detector.pth'))
    model.detector.layer = nn.Linear(1, 1)
    linear = {key: value for key, value in model.state_dict().items() if 'linear' in key}
    fit = compare_checkpoint(model, linear)
    assert fit.missing == []
    assert fit.missing_pretrained == ['detector.layer.weight', 'detector.layer.bias']
    # Half of the part is an accident, not a part of its own.
    fit = compare_checkpoint(model, {**linear, 'detector.layer.bias': torch.zeros(1)})
    assert fit.missing == ['detector.layer.weight']


def test_averages_of_an_old_hook_do_not_count() -> None:
    model = ToyModel(('linear',))
    weights = {
        **model.state_dict(),
        'ema_linear_weight': torch.zeros(1),
        'x.num_batches_tracked': 1,
    }
    assert compare_checkpoint(model, weights).describe() == ''
    assert compare_checkpoint(model, {**weights, 'other': torch.zeros(1)}).unexpected == ['other']


def test_testing_does_not_need_what_is_for_training_alone(tmp_path: Path) -> None:
    """A checkpoint whose training parts were dropped can be tested, and resumed it cannot."""
    model = ToyModel(('linear',))
    model.teaching = nn.Linear(1, 1)
    model.training_only_parts = ('teaching',)
    weights = {key: value for key, value in model.state_dict().items() if 'linear' in key}
    assert compare_checkpoint(model, weights, for_training=False).describe() == ''
    missing = ['teaching.weight', 'teaching.bias']
    assert compare_checkpoint(model, weights).missing == missing
    mismatched = {**model.state_dict(), 'teaching.bias': torch.zeros(3)}
    assert compare_checkpoint(model, mismatched, for_training=False).describe() == ''
    assert compare_checkpoint(model, mismatched).mismatched
    # Nor does it matter that the model to be tested was built without the part.
    model.teaching = None
    assert compare_checkpoint(model, mismatched, for_training=False).describe() == ''
    assert compare_checkpoint(model, mismatched).unexpected == missing


def test_test_with_missing_keys_is_an_error(tmp_path: Path) -> None:
    path = save(ToyModel(), tmp_path / 'x.pth', linear__bias=None)
    runner = build_runner(tmp_path / 'strict', 'missing keys', load_from=path)
    with pytest.raises(ValueError, match=r'(?s)missing.*linear\.bias.*Check that the'):
        runner.test()

    lenient = [dict(type='CheckpointFitHook', strict=False)]
    runner = build_runner(
        tmp_path / 'lenient', 'missing keys, lenient', load_from=path, custom_hooks=lenient
    )
    assert runner.test() == {'count': 8}
    assert '1 keys missing in the checkpoint: linear.bias' in read_log(tmp_path / 'lenient')


def test_test_with_superfluous_keys_lists_them(tmp_path: Path) -> None:
    path = save(ToyModel(), tmp_path / 'x.pth', teacher__weight=torch.zeros(1))
    runner = build_runner(tmp_path, 'superfluous keys', load_from=path)
    assert runner.test() == {'count': 8}
    assert 'in the checkpoint, but not in the model: teacher.weight' in read_log(tmp_path)


def test_training_starts_from_some_keys_but_not_from_none(tmp_path: Path) -> None:
    path = save(ToyModel(), tmp_path / 'some.pth', linear__bias=torch.zeros(7))
    runner = build_runner(tmp_path / 'some', 'some keys', load_from=path)
    runner.train()
    assert 'of another shape: linear.bias: (7,), (1,)' in read_log(tmp_path / 'some')

    path = save(ToyModel(('other',)), tmp_path / 'none.pth')
    runner = build_runner(tmp_path / 'none', 'no keys', load_from=path)
    with pytest.raises(ValueError, match='0 keys do'):
        runner.train()


def test_resuming_needs_all_keys(tmp_path: Path) -> None:
    path = save(ToyModel(), tmp_path / 'x.pth', linear__bias=None)
    runner = build_runner(tmp_path, 'resume', load_from=path, resume=True)
    with pytest.raises(ValueError, match=r'linear\.bias'):
        runner.train()


def test_test_without_checkpoint_warns(tmp_path: Path) -> None:
    build_runner(tmp_path, 'no checkpoint').test()
    assert 'tested with its initial weights' in read_log(tmp_path)
