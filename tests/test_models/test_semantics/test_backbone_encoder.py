"""Backbones of the registry and timm's models as image encoders."""

import numpy as np
import pytest
import torch

from vsd_mot.models.semantics import BackboneEncoder, TimmEncoder
from vsd_samples import PatchEncoder, as_tensor, noise_frame, photograph

BACKBONE = dict(type='mmdet.ResNet', depth=18, base_channels=8, norm_cfg=dict(type='BN'))


def frames() -> list[torch.Tensor]:
    return [as_tensor(photograph('coffee.png')), as_tensor(photograph('chelsea.png'))]


def test_a_detection_backbone_can_be_an_encoder(tmp_path):
    torch.manual_seed(0)
    source = BackboneEncoder(BACKBONE, weights=None, embed_dims=64)
    assert not source.has_weights
    state = {f'backbone.{key}': value for key, value in source.backbone.state_dict().items()}
    torch.save(dict(state_dict={**state, 'head.weight': torch.zeros(1)}), tmp_path / 'detector.pth')
    encoder = BackboneEncoder(
        BACKBONE, weights=str(tmp_path / 'detector.pth'), prefix='backbone.', embed_dims=64
    )
    assert encoder.name == 'ResNet-18'
    inputs = encoder.preprocess(frames())
    last = source.backbone(inputs)[-1]
    torch.testing.assert_close(encoder(frames())[:, 0], last.mean((2, 3)).detach())
    encoder.tokens = 'grid'
    grid = encoder(frames())
    assert grid.shape == (2, 49, 64)
    torch.testing.assert_close(grid, last.flatten(2).transpose(1, 2).detach())


def test_a_backbone_for_bgr_sees_bgr():
    def mean_of(encoder, frame):
        return encoder.encode(encoder.preprocess([frame]))

    torch.manual_seed(0)
    rgb = BackboneEncoder(BACKBONE, None, embed_dims=64, mean=(1, 2, 3), std=(4, 5, 6))
    bgr = BackboneEncoder(BACKBONE, None, embed_dims=64, mean=(3, 2, 1), std=(6, 5, 4), bgr=True)
    bgr.backbone.load_state_dict(rgb.backbone.state_dict())
    frame = noise_frame(0)
    torch.testing.assert_close(mean_of(rgb, frame), mean_of(bgr, frame.flip(0)))
    assert rgb.fingerprint() != bgr.fingerprint()


def test_a_backbone_says_which_weights_are_missing(tmp_path):
    with pytest.raises(RuntimeError, match='cannot be had'):
        BackboneEncoder(BACKBONE, weights=str(tmp_path / 'none.pth'), embed_dims=64)
    torch.save(dict(state_dict={'conv1.weight': torch.zeros(8, 3, 7, 7)}), tmp_path / 'part.pth')
    with pytest.raises(RuntimeError, match=r'lacks .* parameters'):
        BackboneEncoder(BACKBONE, weights=str(tmp_path / 'part.pth'), embed_dims=64)


@pytest.mark.parametrize('model', ['resnet10t', 'vit_tiny_patch16_224'])
def test_a_timm_model_can_be_an_encoder(model, tmp_path):
    import timm

    torch.manual_seed(0)
    network = timm.create_model(model, num_classes=10).eval()
    torch.save(network.state_dict(), tmp_path / 'timm.pth')
    network.reset_classifier(0)
    torch.save(network.state_dict(), tmp_path / 'timm.pth')
    encoder = TimmEncoder(model, weights=str(tmp_path / 'timm.pth'))
    assert encoder.has_weights
    inputs = encoder.preprocess(frames())
    torch.testing.assert_close(
        encoder(frames())[:, 0], network(inputs).detach(), atol=1e-5, rtol=1e-4
    )
    encoder.tokens = 'grid'
    grid = encoder(frames())
    assert grid.ndim == 3
    assert grid.shape[1] > 1
    assert grid.shape[2] == encoder.embed_dims
    with pytest.raises(RuntimeError, match='no_such_model'):
        TimmEncoder('no_such_model')


def test_another_kind_of_encoder_has_another_fingerprint():
    assert PatchEncoder(seed=0).fingerprint() != PatchEncoder(seed=1).fingerprint()
    assert np.unique([PatchEncoder().fingerprint() for _ in range(3)]).size == 1
