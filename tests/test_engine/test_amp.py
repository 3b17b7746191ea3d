"""`--amp` on a machine without a GPU."""

import torch
from mmengine.registry import OPTIM_WRAPPERS, DefaultScope

from toy_runner import ToyModel
from vsd_mot.engine.amp import PortableAmpOptimWrapper


def test_mixed_precision_trains(monkeypatch) -> None:
    monkeypatch.setattr('vsd_mot.engine.amp.get_device', lambda: 'cpu')
    monkeypatch.setattr('mmengine.runner.amp.get_device', lambda: 'cpu')
    model = ToyModel()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with DefaultScope.overwrite_default_scope('mmtrack'):
        # The name that `--amp` gives, in MMTracking's training script as well.
        wrapper = OPTIM_WRAPPERS.build(
            dict(
                type='AmpOptimWrapper',
                optimizer=optimizer,
                loss_scale='dynamic',
                clip_grad=dict(max_norm=1.0),
            )
        )
    assert isinstance(wrapper, PortableAmpOptimWrapper)

    with wrapper.optim_context(model):
        assert model.linear(torch.ones(1, 1)).dtype == torch.bfloat16
    batch = {'inputs': torch.ones(4, 1)}
    losses = [model.train_step(batch, wrapper)['loss'].item() for _ in range(3)]
    assert losses[0] > losses[1] > losses[2]
    assert model.linear.weight.dtype == torch.float32
    wrapper.load_state_dict(wrapper.state_dict())


def test_detectors_in_their_own_scope_get_it_too(monkeypatch) -> None:
    """What `tools/train.py --amp` writes into a config, whose scope may be MMDetection's."""
    monkeypatch.setattr('vsd_mot.engine.amp.get_device', lambda: 'cpu')
    optimizer = torch.optim.SGD(ToyModel().parameters(), lr=0.01)
    with DefaultScope.overwrite_default_scope('mmdet'):
        wrapper = OPTIM_WRAPPERS.build(dict(type='mmtrack.AmpOptimWrapper', optimizer=optimizer))
    assert isinstance(wrapper, PortableAmpOptimWrapper)
