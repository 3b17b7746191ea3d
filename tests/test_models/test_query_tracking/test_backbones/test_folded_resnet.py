"""The folded ResNet computes what mmdet's does."""

import copy

import pytest
import torch
from mmdet.models.backbones import ResNet

from vsd_mot.models.query_tracking.backbones import FoldedResNet

SETTINGS = dict(
    num_stages=4,
    out_indices=(1, 2, 3),
    frozen_stages=1,
    norm_cfg=dict(type='BN', requires_grad=False),
    norm_eval=True,
    style='pytorch',
)


def pair(depth: int) -> tuple[ResNet, FoldedResNet]:
    """mmdet's and ours with equal weights and statistics that are not those of a fresh norm."""
    torch.manual_seed(0)
    ours = FoldedResNet(depth=depth, **SETTINGS)
    for module in ours.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(std=0.1)
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 2.0)
    mmdets = ResNet(depth=depth, **SETTINGS)
    mmdets.load_state_dict(ours.state_dict())
    mmdets.eval()
    return mmdets, ours


def assert_near(got: torch.Tensor, expected: torch.Tensor, part: float = 1e-5) -> None:
    assert got.shape == expected.shape
    assert (got - expected).abs().max() <= part * expected.abs().max()


@pytest.mark.parametrize('depth', [18, 50])
def test_same_maps_and_gradients_in_training(depth):
    mmdets, ours = pair(depth)
    images = torch.randn(2, 3, 64, 96)
    for model in (mmdets, ours):
        model.train()
        sum(map_.square().mean() for map_ in model(images)).backward()
    for got, expected in zip(ours(images), mmdets(images)):
        assert got.is_contiguous(memory_format=torch.channels_last)
        assert_near(got, expected)
    expected = dict(mmdets.named_parameters())
    trained = 0
    for name, parameter in ours.named_parameters():
        assert parameter.requires_grad == expected[name].requires_grad, name
        if parameter.grad is None:
            assert expected[name].grad is None, name
        else:
            trained += 1
            assert_near(parameter.grad, expected[name].grad, 1e-4)
    assert trained > 10


def write_as_ema_does(model) -> None:
    """Through ``.data``, before a validation loop calls ``eval()``."""
    model.layer2[0].conv2.weight.data.mul_(1.5)
    model.train(False)


def test_inference_notices_new_weights_and_statistics():
    mmdets, ours = pair(18)
    images = torch.randn(1, 3, 64, 64)
    changes = [
        lambda model: None,
        lambda model: model.layer2[0].conv1.weight.mul_(1.5),
        write_as_ema_does,
        lambda model: model.layer3[0].bn2.running_mean.add_(0.3),
        lambda model: model.load_state_dict(pair(18)[0].state_dict()),
        lambda model: setattr(
            model.layer4[1].bn1, 'bias', torch.nn.Parameter(torch.full((512,), 0.2))
        ),
    ]
    for change in changes:
        with torch.no_grad():
            change(mmdets)
            change(ours)
            for model in (ours, copy.deepcopy(ours)):
                for got, expected in zip(model(images), mmdets(images)):
                    assert_near(got, expected)


def test_recomputing_blocks_and_the_plain_form_change_nothing():
    _, ours = pair(50)
    images = torch.randn(1, 3, 64, 64)
    results = []
    for form in ('folded', 'with_cp', 'plain'):
        ours.plain = form == 'plain'
        for module in ours.modules():
            if hasattr(module, 'with_cp'):
                module.with_cp = form == 'with_cp'
        ours.train()
        ours.zero_grad()
        sum(map_.square().mean() for map_ in ours(images)).backward()
        results.append(ours.layer2[0].conv2.weight.grad.clone())
    assert_near(results[1], results[0], 1e-6)
    assert_near(results[2], results[0], 1e-4)


def test_state_dict_is_mmdets():
    mmdets, ours = pair(18)
    with torch.no_grad():
        ours(torch.randn(1, 3, 32, 32))
    assert list(ours.state_dict()) == list(mmdets.state_dict())


def test_variants_that_cannot_be_folded_are_refused():
    with pytest.raises(ValueError, match='needs norm_eval=True'):
        FoldedResNet(depth=18, norm_eval=False)
    with pytest.raises(ValueError, match='without deep stem and plugins'):
        FoldedResNet(depth=50, deep_stem=True, norm_eval=True)
