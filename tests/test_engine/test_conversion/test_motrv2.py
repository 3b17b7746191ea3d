"""MOTRv2's published weights."""

import pytest
import torch

from published_weights import converted, published, target
from vsd_mot.engine.conversion import deformable_detr, motrv2
from vsd_mot.engine.conversion.base import (
    ConversionError,
)


def test_motrv2_fills_every_weight_and_uses_every_key():
    result = converted()
    assert set(result.weights) == set(target())
    assert len(result.used) == 580
    assert set(result.used) | set(result.dropped) == set(published('motrv2'))
    assert len(result.dropped) == 36
    assert set(result.dropped.values()) == {'the same weight under a second name, and equal to it'}
    assert len(result.unfilled) == 53
    assert all(key.endswith('num_batches_tracked') for key in result.unfilled)
    for key, value in result.weights.items():
        assert value.shape == target()[key].shape, key
        assert value.dtype == target()[key].dtype, key


@pytest.mark.parametrize(
    ('source', 'ours'),
    [
        ('backbone.0.body.layer3.2.conv2.weight', 'backbone.layer3.2.conv2.weight'),
        ('backbone.0.body.layer2.0.bn1.running_var', 'backbone.layer2.0.bn1.running_var'),
        ('input_proj.1.0.bias', 'neck.convs.1.conv.bias'),
        ('input_proj.3.1.weight', 'neck.extra_convs.0.gn.weight'),
        ('transformer.level_embed', 'encoder.level_embeds'),
        ('transformer.encoder.layers.4.norm2.bias', 'encoder.layers.4.norm2.bias'),
        ('transformer.decoder.layers.2.norm1.weight', 'decoder.layers.2.cross_attn_norm.weight'),
        ('transformer.decoder.layers.2.norm2.weight', 'decoder.layers.2.self_attn_norm.weight'),
        ('transformer.decoder.layers.2.norm3.weight', 'decoder.layers.2.ffn_norm.weight'),
        ('class_embed.5.bias', 'head.cls_branches.5.bias'),
        ('bbox_embed.3.layers.2.weight', 'head.reg_branches.3.4.weight'),
        ('track_embed.linear_feat2.weight', 'propagation.linear_feat2.weight'),
        ('yolox_embed.weight', 'detection_queries.proposal_embed.weight'),
        ('position.weight', 'detection_queries.position.weight'),
        ('refine_embed.weight', 'denoising.content.weight'),
    ],
)
def test_weights_arrive_where_they_belong(source, ours):
    assert torch.equal(converted().weights[ours], published('motrv2')[source])


def test_model_without_denoising_says_why_a_key_is_not_used():
    without = {k: v for k, v in target().items() if not k.startswith('denoising.')}
    result = motrv2.convert_motrv2(published('motrv2'), without)
    assert result.dropped['refine_embed.weight'] == 'the config has no denoising'
    assert 'the config has no denoising (1)\n    refine_embed.weight' in result.report()


def test_shallower_model_says_so():
    source = dict(published('motrv2'))
    fewer = {k: v for k, v in target().items() if not k.startswith('encoder.layers.5.')}
    result = motrv2.convert_motrv2(source, fewer)
    last = [key for key in source if key.startswith('transformer.encoder.layers.5.')]
    reasons = {result.dropped[key] for key in last}
    assert reasons == {'the config has fewer encoder.layers'}


def test_motr_keys_without_a_place_have_a_reason():
    source = dict(published('motrv2'))
    for key in (
        'track_embed.linear_pos1.weight',
        'track_embed.norm_pos.bias',
        'memory_bank.x.bias',
    ):
        source[key] = torch.zeros(3)
    result = motrv2.convert_motrv2(source, target())
    assert 'positional query' in result.dropped['track_embed.norm_pos.bias']
    assert 'memory bank' in result.dropped['memory_bank.x.bias']


def test_alias_that_differs_is_refused():
    source = dict(published('motrv2'))
    key = 'transformer.decoder.bbox_embed.2.layers.1.bias'
    source[key] = source[key] + 1e-3
    with pytest.raises(ConversionError, match=r'should be the same weight as bbox_embed\.2'):
        motrv2.convert_motrv2(source, target())
    del source['bbox_embed.2.layers.1.bias']
    with pytest.raises(ConversionError, match=r'differs from it or stands alone'):
        motrv2.convert_motrv2(source, target())


def test_unknown_layout_is_refused_with_its_keys():
    with pytest.raises(ConversionError, match=r'no MOTRv2 checkpoint: 2 of 2 .*blocks\.0\.qkv'):
        motrv2.convert_motrv2({'blocks.0.qkv': torch.ones(1), 'head': torch.ones(1)}, target())
    source = dict(published('motrv2'), aspp_surprise=torch.ones(1))
    with pytest.raises(ConversionError, match=r'1 of 617 keys are unknown, as aspp_surprise'):
        motrv2.convert_motrv2(source, target())
    with pytest.raises(ConversionError, match=r'no mmdet Deformable DETR checkpoint'):
        deformable_detr.convert_deformable_detr(published('motrv2'), target())


def test_shape_that_does_not_fit_is_refused():
    source = dict(published('motrv2'))
    source['transformer.level_embed'] = torch.zeros(5, 256)
    with pytest.raises(
        ConversionError, match=r'level_embed is \(5, 256\), encoder\.level_embeds is'
    ):
        motrv2.convert_motrv2(source, target())
    source = dict(published('motrv2'))
    source['class_embed.0.weight'] = torch.zeros(80, 256)  # another counting of the classes
    with pytest.raises(ConversionError, match=r'class_embed\.0\.weight is \(80, 256\)'):
        motrv2.convert_motrv2(source, target())
