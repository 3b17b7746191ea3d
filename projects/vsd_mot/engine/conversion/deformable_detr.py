"""Convert mmdet's Deformable DETR with box refinement, two-stage or not, to ours.

Takes the layout of mmdet 3.0.0rc5 and before, and that of mmdet 3.0.0 and later. Backbone, neck,
encoder, decoder and heads are filled; learned queries and propagation keep their initialisation.

Example::

    python tools/model_converters/deformable_detr.py \
        deformable_detr_refine_r50_16x2_50e_coco_20210419_220503-5f5dff21.pth checkpoints/coco.pth
"""

from __future__ import annotations

import re

import torch
from torch import Tensor

from .base import Conversion, ConversionError, Rule, convert

WEIGHT = r'(weight|bias)'
ATTENTION = r'((?:sampling_offsets|attention_weights|value_proj|output_proj)\.(?:weight|bias))'
SELF_ATTENTION = r'(in_proj_weight|in_proj_bias|out_proj\.weight|out_proj\.bias)'
# mmdet's 80 classes leave out the categories that COCO does not use: person is 0.
PERSON_ROWS = {80: 0}
LEGACY_PREFIX = r'bbox_head\.transformer\.'


def _layers(
    prefix: str, *, encoder_attention: str, self_attention: str, cross_attention: str, ffn: str
) -> list[Rule]:
    """Rules of the Transformer's layers in one of the two layouts."""
    encoder = rf'{prefix}encoder\.layers\.(\d+)\.'
    decoder = rf'{prefix}decoder\.layers\.(\d+)\.'
    return [
        Rule(rf'{encoder}{encoder_attention}{ATTENTION}', r'encoder.layers.\1.self_attn.\2'),
        Rule(rf'{encoder}{ffn}0\.0\.{WEIGHT}', r'encoder.layers.\1.linear1.\2'),
        Rule(rf'{encoder}{ffn}1\.{WEIGHT}', r'encoder.layers.\1.linear2.\2'),
        Rule(rf'{encoder}norms\.0\.{WEIGHT}', r'encoder.layers.\1.norm1.\2'),
        Rule(rf'{encoder}norms\.1\.{WEIGHT}', r'encoder.layers.\1.norm2.\2'),
        Rule(rf'{decoder}{self_attention}{SELF_ATTENTION}', r'decoder.layers.\1.self_attn.\2'),
        Rule(rf'{decoder}{cross_attention}{ATTENTION}', r'decoder.layers.\1.cross_attn.\2'),
        Rule(rf'{decoder}{ffn}0\.0\.{WEIGHT}', r'decoder.layers.\1.linear1.\2'),
        Rule(rf'{decoder}{ffn}1\.{WEIGHT}', r'decoder.layers.\1.linear2.\2'),
        Rule(rf'{decoder}norms\.0\.{WEIGHT}', r'decoder.layers.\1.self_attn_norm.\2'),
        Rule(rf'{decoder}norms\.1\.{WEIGHT}', r'decoder.layers.\1.cross_attn_norm.\2'),
        Rule(rf'{decoder}norms\.2\.{WEIGHT}', r'decoder.layers.\1.ffn_norm.\2'),
    ]


RULES = [
    Rule(r'(backbone\.(?:conv1|bn1|layer\d)\..+)', r'\1'),
    Rule(r'(neck\.(?:convs|extra_convs)\.\d\.(?:conv|gn)\.(?:weight|bias))', r'\1'),
    *_layers(
        LEGACY_PREFIX,
        encoder_attention=r'attentions\.0\.',
        self_attention=r'attentions\.0\.attn\.',
        cross_attention=r'attentions\.1\.',
        ffn=r'ffns\.0\.layers\.',
    ),
    *_layers(
        '',
        encoder_attention=r'self_attn\.',
        self_attention=r'self_attn\.attn\.',
        cross_attention=r'cross_attn\.',
        ffn=r'ffn\.layers\.',
    ),
    Rule(rf'(?:{LEGACY_PREFIX}level_embeds|level_embed)', 'encoder.level_embeds'),
    Rule(
        r'bbox_head\.(?:cls|reg)_branches\.6\..+',
        reason='the encoder branch of a two-stage detector',
    ),
    Rule(rf'bbox_head\.(cls_branches\.\d+)\.{WEIGHT}', r'head.\1.\2'),
    Rule(rf'bbox_head\.(reg_branches\.\d+\.\d)\.{WEIGHT}', r'head.\1.\2'),
    Rule(
        r'(?:bbox_head\.)?query_embedding\.weight',
        reason='300 queries with a positional half; ours are ten boxes and contents, and proposals',
    ),
    Rule(
        rf'(?:{LEGACY_PREFIX}reference_points|reference_points_fc)\..+',
        reason='makes reference points of the queries; ours are learned boxes',
    ),
    Rule(
        rf'(?:{LEGACY_PREFIX}(?:enc_output|pos_trans)(?:_norm)?|(?:memory_trans|pos_trans)_(?:fc|norm))\..+',
        reason='makes the queries of a two-stage detector; ours are learned and proposed',
    ),
]


def neck_bias(key: str) -> tuple[float, str] | None:
    """Return the zero bias before a group norm, which mmdet's neck lacks: the same function."""
    if key.startswith('neck.') and key.endswith('conv.bias'):
        return 0.0, "set to 0: mmdet's convolution before a group norm has no bias"
    return None


def convert_deformable_detr(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert the state dict of mmdet's Deformable DETR.

    Args:
        source: mmdet's state dict.
        target: Ours, of a freshly built model.

    Returns:
        The weights and the account of all keys.

    Raises:
        ConversionError: The detector does not refine its boxes, or is another one.
    """
    branches = {
        index: source[f'bbox_head.reg_branches.{index}.4.weight']
        for index in (0, 1)
        if f'bbox_head.reg_branches.{index}.4.weight' in source
    }
    if len(branches) == 2 and torch.equal(branches[0], branches[1]) and branches[0].any():
        raise ConversionError(
            'this Deformable DETR has one box branch for all layers: it does not refine its '
            'boxes. Take a deformable-detr_refine_* or deformable-detr_refine_twostage_* checkpoint'
        )
    if any(
        re.match(rf'{LEGACY_PREFIX}encoder\.layers\.\d+\.attentions\.0\.attn\.', key)
        for key in source
    ):
        raise ConversionError('this is a plain DETR, whose encoder attention is not deformable')
    return convert(
        source,
        target,
        RULES,
        layout='mmdet Deformable DETR',
        person_rows=PERSON_ROWS,
        constants=neck_bias,
    )
