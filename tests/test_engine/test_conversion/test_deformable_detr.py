"""Deformable DETR of MMDetection."""

import pytest
import torch
from mmengine.config import Config
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from published_weights import CONFIG, published, target
from vsd_mot.engine.conversion import deformable_detr, motrv2
from vsd_mot.engine.conversion.base import (
    ConversionError,
)


def test_coco_detector_gives_the_row_of_class_person_and_leaves_the_queries():
    source = dict(published('motrv2'))
    rows = {}
    for layer in range(6):
        rows[layer] = torch.randn(91, 256)
        source[f'class_embed.{layer}.weight'] = rows[layer]
        source[f'class_embed.{layer}.bias'] = torch.randn(91)
        source[f'transformer.decoder.class_embed.{layer}.weight'] = rows[layer].clone()
    for key in ('position.weight', 'yolox_embed.weight', 'refine_embed.weight'):
        del source[key]
    for key in [key for key in source if key.startswith('track_embed')]:
        del source[key]
    source['query_embed.weight'] = torch.randn(300, 512)
    source['transformer.reference_points.weight'] = torch.randn(2, 256)
    source['transformer.enc_output.weight'] = torch.randn(256, 256)
    source['bbox_embed.6.layers.0.weight'] = torch.randn(256, 256)
    result = motrv2.convert_motrv2(source, target())
    for layer in range(6):
        weight = result.weights[f'head.cls_branches.{layer}.weight']
        assert torch.equal(weight, rows[layer][1:2])
        assert weight.untyped_storage().nbytes() == 4 * 256, 'would save all 91 rows'
    assert result.dropped['query_embed.weight'].startswith('shape (300, 512), ')
    assert 'two-stage' in result.dropped['bbox_embed.6.layers.0.weight']
    fresh = [key for key, reason in result.unfilled.items() if 'initialises' in reason]
    assert {key.split('.')[0] for key in fresh} == {'detection_queries', 'propagation', 'denoising'}


def build_detector(refine=True, two_stage=False):
    """mmdet's Deformable DETR, two layers deep and 32 wide, and our tracker of that size."""
    register_all_modules(init_default_scope=False)
    sizes = dict(embed_dims=32, num_heads=4)
    ffn = dict(type='FFN', embed_dims=32, feedforward_channels=64, num_fcs=2, ffn_drop=0.0)
    layer = dict(feedforward_channels=64, ffn_dropout=0.0, ffn_cfgs=ffn)
    deformable = dict(type='MultiScaleDeformableAttention', dropout=0.0, **sizes)
    detector = dict(
        type='DeformableDETR',
        _scope_='mmdet',
        backbone=dict(
            type='ResNet',
            depth=18,
            out_indices=(1, 2, 3),
            norm_cfg=dict(type='BN', requires_grad=False),
            norm_eval=True,
        ),
        neck=dict(
            type='ChannelMapper',
            in_channels=[128, 256, 512],
            kernel_size=1,
            out_channels=32,
            act_cfg=None,
            norm_cfg=dict(type='GN', num_groups=4),
            num_outs=4,
        ),
        bbox_head=dict(
            type='DeformableDETRHead',
            num_query=9,
            num_classes=80,
            in_channels=512,
            with_box_refine=refine,
            as_two_stage=two_stage,
            transformer=dict(
                type='DeformableDetrTransformer',
                two_stage_num_proposals=9,
                encoder=dict(
                    type='DetrTransformerEncoder',
                    num_layers=2,
                    transformerlayers=dict(
                        type='BaseTransformerLayer',
                        attn_cfgs=deformable,
                        operation_order=('self_attn', 'norm', 'ffn', 'norm'),
                        **layer,
                    ),
                ),
                decoder=dict(
                    type='DeformableDetrTransformerDecoder',
                    num_layers=6,
                    return_intermediate=True,
                    transformerlayers=dict(
                        type='DetrTransformerDecoderLayer',
                        attn_cfgs=[
                            dict(type='MultiheadAttention', dropout=0.0, **sizes),
                            deformable,
                        ],
                        operation_order=(
                            'self_attn',
                            'norm',
                            'cross_attn',
                            'norm',
                            'ffn',
                            'norm',
                        ),
                        **layer,
                    ),
                ),
            ),
            positional_encoding=dict(
                type='SinePositionalEncoding', num_feats=16, normalize=True, offset=-0.5
            ),
            loss_cls=dict(type='FocalLoss', use_sigmoid=True),
            train_cfg=None,
            test_cfg=dict(max_per_img=9),
        ),
    )
    from mmdet.registry import MODELS as MMDET_MODELS

    torch.manual_seed(0)
    source = MMDET_MODELS.build(detector)
    generator = torch.Generator().manual_seed(1)
    for parameter in [*source.neck.parameters(), *source.bbox_head.parameters()]:
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)

    config = Config.fromfile(CONFIG)
    widths = dict(in_channels=[128, 256, 512], out_channels=32)
    model = dict(
        backbone=dict(depth=18),
        neck=dict(norm_cfg=dict(num_groups=4), **widths),
        encoder=dict(num_layers=2, feedforward_channels=64, **sizes),
        decoder=dict(feedforward_channels=64, **sizes),
        detection_queries=dict(embed_dims=32),
        head=dict(embed_dims=32),
        propagation=dict(feedforward_channels=64, **sizes),
        denoising=dict(embed_dims=32),
    )
    config.merge_from_dict(dict(model=model))
    return source.eval(), MODELS.build(config.model).eval()


class EncodedError(Exception):
    """Carries the encoder's output out of the head: mmdet's two stages work at width 256 only."""


def mmdet_encoding(detector, images):
    """Encoded tokens of mmdet's detector, (B, S, C)."""

    def stop(module, args, output):
        raise EncodedError(output.transpose(0, 1))

    hook = detector.bbox_head.transformer.encoder.register_forward_hook(stop)
    shape = tuple(images.shape[-2:])
    metas = [dict(batch_input_shape=shape, img_shape=shape)] * len(images)
    with torch.no_grad(), pytest.raises(EncodedError) as encoded:
        detector.bbox_head(detector.extract_feat(images), metas)
    hook.remove()
    return encoded.value.args[0]


@pytest.mark.parametrize('two_stage', [False, True])
def test_deformable_detr_of_mmdet_encodes_the_same_after_conversion(two_stage):
    detector, ours = build_detector(two_stage=two_stage)
    source = detector.state_dict()
    result = deformable_detr.convert_deformable_detr(source, ours.state_dict())
    assert set(result.used) | set(result.dropped) == set(source)
    assert set(result.weights) | set(result.unfilled) == set(ours.state_dict())
    for reason in ('two-stage',) if two_stage else ('300 queries', 'reference points'):
        assert any(reason in text for text in result.dropped.values())
    fresh = [key for key in result.unfilled if key not in result.weights]
    assert {key.split('.')[0] for key in fresh} == {'detection_queries', 'propagation', 'denoising'}
    assert torch.equal(
        result.weights['head.cls_branches.3.weight'],
        source['bbox_head.cls_branches.3.weight'][:1],
    )
    assert torch.equal(
        result.weights['decoder.layers.4.cross_attn_norm.weight'],
        source['bbox_head.transformer.decoder.layers.4.norms.1.weight'],
    )

    missing, unexpected = ours.load_state_dict(result.weights, strict=False)
    assert not unexpected
    assert set(missing) == set(fresh)
    images = torch.randn(2, 3, 64, 96)
    with torch.no_grad():
        memory = torch.stack([feature.memory for feature in ours.extract(images)])
    torch.testing.assert_close(memory, mmdet_encoding(detector, images), rtol=1e-4, atol=1e-4)


def test_detector_without_refinement_is_refused():
    detector, ours = build_detector(refine=False)
    with pytest.raises(ConversionError, match='one box branch for all layers'):
        deformable_detr.convert_deformable_detr(detector.state_dict(), ours.state_dict())


def test_layout_of_later_mmdet_gives_the_same_weights():
    """mmdet 3.0.0 took the Transformer out of the head and renamed its parts."""
    detector, ours = build_detector(two_stage=True)
    old = detector.state_dict()
    renamed = {}
    for key, value in old.items():
        name = key.removeprefix('bbox_head.transformer.')
        name = name.replace('.ffns.0.', '.ffn.')
        if name.startswith('encoder.'):
            name = name.replace('.attentions.0.', '.self_attn.')
        name = name.replace('.attentions.0.attn.', '.self_attn.attn.')
        name = name.replace('.attentions.1.', '.cross_attn.')
        name = name.replace('level_embeds', 'level_embed')
        name = name.replace('enc_output_norm', 'memory_trans_norm')
        name = name.replace('enc_output', 'memory_trans_fc')
        if name.startswith('pos_trans.'):
            name = name.replace('pos_trans', 'pos_trans_fc')
        renamed[name] = value
    one, other = (
        deformable_detr.convert_deformable_detr(source, ours.state_dict()).weights
        for source in (old, renamed)
    )
    assert one.keys() == other.keys()
    assert all(torch.equal(one[key], other[key]) for key in one)
