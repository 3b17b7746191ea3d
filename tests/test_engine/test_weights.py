"""Weights are loaded whole or not at all."""

import pytest
import torch
from mmengine.model import BaseModule
from torch import nn

from toy_runner import ToyModel
from vsd_mot.engine.weights import load_checkpoint
from vsd_mot.errors import CheckpointError


@pytest.mark.parametrize('form', ['checkpoint', 'bare'])
def test_weights_and_meta_are_taken(tmp_path, form):
    torch.manual_seed(0)
    source, target = ToyModel(), ToyModel()
    weights = source.state_dict()
    content = dict(state_dict=weights, meta=dict(epoch=3)) if form == 'checkpoint' else weights
    torch.save(content, tmp_path / 'x.pth')
    meta = load_checkpoint(target, tmp_path / 'x.pth')
    assert meta == (dict(epoch=3) if form == 'checkpoint' else {})
    assert torch.equal(target.linear.weight, source.linear.weight)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda weights: weights.pop('linear.bias'), r'(?s)does not fit .*linear\.bias'),
        (lambda weights: weights.update(other=torch.zeros(1)), '(?s)does not fit .*other'),
        (lambda weights: weights.update({'linear.bias': torch.zeros(3)}), r'(?s)\(3,\), \(1,\)'),
        (lambda weights: weights.clear(), 'holds no state dict'),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_loaded(tmp_path, change, message):
    model = ToyModel()
    before = model.linear.weight.clone()
    weights = {key: value + 1 for key, value in model.state_dict().items()}
    change(weights)
    torch.save(dict(state_dict=weights), tmp_path / 'x.pth')
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(model, tmp_path / 'x.pth')
    assert torch.equal(model.linear.weight, before)


def test_a_missing_file_and_a_list_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r'nowhere\.pth does not exist'):
        load_checkpoint(ToyModel(), tmp_path / 'nowhere.pth')
    torch.save([1, 2], tmp_path / 'list.pth')
    with pytest.raises(CheckpointError, match='holds a list, not a state dict'):
        load_checkpoint(ToyModel(), tmp_path / 'list.pth')


def test_a_part_that_is_absent_as_a_whole_loads_its_own_file(tmp_path):
    part = nn.Linear(1, 1)
    torch.save(
        {f'layer.{key}': torch.full_like(value, 7) for key, value in part.state_dict().items()},
        tmp_path / 'detector.pth',
    )
    model = ToyModel()
    torch.save(model.state_dict(), tmp_path / 'x.pth')
    own = dict(type='Pretrained', checkpoint=str(tmp_path / 'detector.pth'))
    model.detector = BaseModule(init_cfg=own)
    model.detector.layer = nn.Linear(1, 1)
    load_checkpoint(model, tmp_path / 'x.pth')
    assert model.detector.layer.weight.item() == 7
