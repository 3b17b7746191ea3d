"""Published checkpoints to ours: every key accounted for, every weight at its place."""

import argparse
import gzip
import json
import pickle
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot.commands import convert_weights
from vsd_mot.engine.conversion import deformable_detr, motrv2, vse_mot
from vsd_mot.engine.conversion.base import (
    Conversion,
    ConversionError,
    Rule,
    build_model,
    convert,
    read_checkpoint,
)
from weight_rule import make

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / 'configs/_base_/models/motrv2_r50.py'


@cache
def published(model: str) -> dict[str, torch.Tensor]:
    """A state dict with the published keys and shapes, its weights by the weight rule."""
    keys = json.loads(gzip.decompress((ROOT / 'tests/data/published_keys.json.gz').read_bytes()))
    weights = {
        # CLIP's weights are many, and any will do
        key: torch.full(shape, 0.5)
        if key.startswith('image_encoder.')
        else torch.from_numpy(np.asarray(make('public', key, shape)))
        for key, (shape, _) in keys[model].items()
    }
    weights |= {alias: weights[key] for alias, key in keys[f'{model}_aliases'].items()}
    return weights


@cache
def tracker() -> torch.nn.Module:
    return build_model(CONFIG)


@cache
def target() -> dict[str, torch.Tensor]:
    return tracker().state_dict()


@cache
def converted() -> Conversion:
    return motrv2.convert_motrv2(published('motrv2'), target())


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


def test_two_sources_for_one_weight_are_refused():
    rules = [Rule('a|b', 'x')]
    source = dict(a=torch.ones(1), b=torch.ones(1))
    with pytest.raises(ConversionError, match='b and a both want to be x'):
        convert(source, dict(x=torch.zeros(1)), rules, layout='', person_rows={})


# VSE-MOT


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


# mmdet's Deformable DETR


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


# Files


def test_command_line_writes_a_checkpoint_with_its_origin(tmp_path, capsys):
    source, destination = tmp_path / 'motrv2.pth', tmp_path / 'new' / 'ours.pth'
    arguments = argparse.Namespace(lr=2e-4, meta_arch='motr')  # the published ones hold this
    model = {f'module.{key}': value for key, value in published('motrv2').items()}
    torch.save(dict(model=model, args=arguments, epoch=4), source)
    convert_weights.main('motrv2', [str(source), str(destination)])
    assert '580 weights converted, 36 not used, 53 of ours not in' in capsys.readouterr().out
    content = torch.load(destination, weights_only=True)
    assert content['meta']['source'] == 'motrv2.pth'
    assert len(content['meta']['source_sha256']) == 64
    assert len(content['meta']['dropped']) == 36
    assert list(destination.parent.iterdir()) == [destination], 'a partial file was left'
    assert all(torch.equal(content['state_dict'][k], v) for k, v in converted().weights.items())
    tracker().load_state_dict(content['state_dict'])


class Evil:
    def __reduce__(self):
        return print, ('run by the checkpoint',)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (dict(model=dict(a=torch.ones(1)), hook=Evil()), 'could run code'),
        (dict(epoch=3), 'epoch are no tensors'),
        ({}, 'holds no state dict'),
        ([1, 2], 'holds no state dict'),
    ],
)
def test_files_that_are_no_checkpoint_are_refused(tmp_path, capsys, content, message):
    path = tmp_path / 'checkpoint.pth'
    torch.save(content, path)
    with pytest.raises(ConversionError, match=message):
        read_checkpoint(path)
    assert 'run by the checkpoint' not in capsys.readouterr().out


def test_broken_files_are_refused(tmp_path):
    with pytest.raises(ConversionError, match='no such file'):
        read_checkpoint(tmp_path / 'nothing.pth')
    broken = tmp_path / 'broken.pth'
    broken.write_bytes(b'<html>404</html>')
    with pytest.raises(ConversionError, match='is no checkpoint'):
        read_checkpoint(broken)
    torch.save(dict(a=torch.ones(1000)), broken)
    broken.write_bytes(broken.read_bytes()[:700])
    with pytest.raises(ConversionError, match='cut off'):
        read_checkpoint(broken)
    broken.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ConversionError, match='could run code'):
        read_checkpoint(broken)


def test_command_line_refuses_in_words(tmp_path, capsys):
    source = tmp_path / 'other.pth'
    torch.save(dict(a=torch.ones(1)), source)
    for arguments, message in (
        ([str(source), str(source)], 'is the source itself'),
        ([str(source), str(tmp_path / 'x.pth'), '--config', 'no.py'], 'no.py: no such config'),
        ([str(source), str(tmp_path / 'x.pth')], 'this is no MOTRv2 checkpoint'),
    ):
        with pytest.raises(SystemExit) as exit_info:
            convert_weights.main('motrv2', arguments)
        assert exit_info.value.code == 1
        assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['other.pth']
