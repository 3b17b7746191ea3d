"""VSE-MOT's published weights."""

import pytest
import torch

from published_weights import ROOT, published, target
from vsd_mot.engine.conversion import motrv2, vse_mot
from vsd_mot.engine.conversion.base import (
    ConversionError,
    build_model,
)


def test_vse_mot_fills_tracker_and_semantic_branch():
    source = dict(published('vse'))
    key = 'image_encoder.layer1.0.conv1.weight'
    source[key] = torch.randn(source[key].shape).half()  # as CLIP leaves it on a GPU
    config = ROOT / 'configs/_base_/models/vse_mot_r50_published.py'
    ours = build_model(config).state_dict()
    result = vse_mot.convert_vse_mot(source, ours)
    assert set(result.used) | set(result.dropped) == set(source)
    assert set(result.dropped.values()) == {'the same weight under a second name, and equal to it'}
    assert set(result.weights) == set(ours)
    assert all(name.startswith('backbone.') for name in result.unfilled)
    name = 'semantics.source.encoder.visual.layer1.0.conv1.weight'
    assert torch.equal(result.weights[name], source[key].float())
    assert torch.equal(result.weights['semantics.fusion.vector.weight'], source['linear5.weight'])
    assert torch.equal(
        result.weights['decoder.layers.0.linear2.weight'],
        source['transformer.decoder.layers.0.linear2.weight'],
    )

    with pytest.raises(ConversionError, match=r'no MOTRv2 checkpoint: .* VSE-MOT \(vse_mot\.py\)'):
        motrv2.convert_motrv2(source, target())
