"""Convert a published MOTRv2 checkpoint, or one of its kin, to ours.

Its kin are MOTR and the Deformable DETR it starts from, in the layout of the original code: their
learned queries, twice as wide, do not fit and keep their initialisation.

Examples::

    python tools/model_converters/motrv2.py motrv2_dancetrack.pth checkpoints/motrv2_dancetrack.pth
    python tools/model_converters/motrv2.py \
        r50_deformable_detr_plus_iterative_bbox_refinement-checkpoint.pth checkpoints/coco.pth
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from .base import Conversion, Rule, convert

WEIGHT = r'(weight|bias)'
ATTENTION = r'(?:sampling_offsets|attention_weights|value_proj|output_proj)\.(?:weight|bias)'
SELF_ATTENTION = r'(?:in_proj_weight|in_proj_bias|out_proj\.weight|out_proj\.bias)'
# The published 91-class heads count COCO's categories from 0: person is 1.
PERSON_ROWS = {91: 1}

RULES = [
    Rule(r'backbone\.0\.body\.((?:conv1|bn1|layer\d)\..+)', r'backbone.\1'),
    Rule(r'backbone\.0\.body\.fc\..+', reason='the classifier of ImageNet'),
    Rule(rf'input_proj\.([0-2])\.0\.{WEIGHT}', r'neck.convs.\1.conv.\2'),
    Rule(rf'input_proj\.([0-2])\.1\.{WEIGHT}', r'neck.convs.\1.gn.\2'),
    Rule(rf'input_proj\.3\.0\.{WEIGHT}', r'neck.extra_convs.0.conv.\1'),
    Rule(rf'input_proj\.3\.1\.{WEIGHT}', r'neck.extra_convs.0.gn.\1'),
    Rule(r'transformer\.level_embed', r'encoder.level_embeds'),
    Rule(
        rf'transformer\.encoder\.(layers\.\d+\.self_attn\.{ATTENTION})',
        r'encoder.\1',
    ),
    Rule(
        rf'transformer\.encoder\.(layers\.\d+\.(?:linear[12]|norm[12]))\.{WEIGHT}',
        r'encoder.\1.\2',
    ),
    Rule(rf'transformer\.decoder\.(layers\.\d+\.cross_attn\.{ATTENTION})', r'decoder.\1'),
    Rule(rf'transformer\.decoder\.(layers\.\d+\.self_attn\.{SELF_ATTENTION})', r'decoder.\1'),
    Rule(rf'transformer\.decoder\.(layers\.\d+\.linear[12])\.{WEIGHT}', r'decoder.\1.\2'),
    # numbered as they were written, not as they run
    Rule(rf'transformer\.decoder\.(layers\.\d+)\.norm2\.{WEIGHT}', r'decoder.\1.self_attn_norm.\2'),
    Rule(
        rf'transformer\.decoder\.(layers\.\d+)\.norm1\.{WEIGHT}', r'decoder.\1.cross_attn_norm.\2'
    ),
    Rule(rf'transformer\.decoder\.(layers\.\d+)\.norm3\.{WEIGHT}', r'decoder.\1.ffn_norm.\2'),
    Rule(r'transformer\.decoder\.((?:bbox|class)_embed\..+)', same_as=r'\1'),
    Rule(
        r'transformer\.reference_points\..+',
        reason='makes reference points of the queries; ours are learned boxes',
    ),
    Rule(
        r'transformer\.(?:enc_output|enc_output_norm|pos_trans|pos_trans_norm)\..+',
        reason='makes the queries of a two-stage detector; ours are learned and proposed',
    ),
    Rule(
        r'(?:bbox|class)_embed\.6\..+',
        reason='the encoder branch of a two-stage detector',
    ),
    Rule(rf'class_embed\.(\d+)\.{WEIGHT}', r'head.cls_branches.\1.\2'),
    Rule(
        rf'bbox_embed\.(\d+)\.layers\.(\d)\.{WEIGHT}',
        lambda match: f'head.reg_branches.{match[1]}.{2 * int(match[2])}.{match[3]}',
    ),
    Rule(rf'track_embed\.(self_attn\.{SELF_ATTENTION})', r'propagation.\1'),
    Rule(
        rf'track_embed\.(linear[12]|linear_feat[12]|norm[12]|norm_feat)\.{WEIGHT}',
        r'propagation.\1.\2',
    ),
    Rule(
        r'track_embed\.(?:linear_pos\d|norm_pos|norm3)\..+',
        reason="MOTR's update of a positional query, which a reference box replaces",
    ),
    Rule(r'memory_bank\..+', reason="MOTR's memory bank, which MOTRv2 does not have"),
    Rule(r'(query_embed|position)\.weight', r'detection_queries.\1.weight'),
    Rule(r'yolox_embed\.weight', r'detection_queries.proposal_embed.weight'),
    Rule(r'refine_embed\.weight', r'denoising.content.weight'),
]


def batch_counter(key: str) -> tuple[float, str] | None:
    """Return the counters of frozen batch norms, which the published code lacks and none reads."""
    if key.startswith('backbone.') and key.endswith('num_batches_tracked'):
        return 0, 'set to 0: a counter that a frozen batch norm never reads'
    return None


def convert_with(
    rules: Sequence[Rule], source: dict[str, Tensor], target: dict[str, Tensor], *, layout: str
) -> Conversion:
    """Convert a state dict of MOTRv2 or of what the published code builds on it.

    Args:
        rules: `RULES`, with those of further parts before them.
        source: The published state dict.
        target: Ours, of a freshly built model.
        layout: What the source should be, for messages.

    Returns:
        The weights and the account of all keys.

    Raises:
        ConversionError: As :func:`~vsd_mot.engine.conversion.base.convert`.
    """
    return convert(
        source,
        target,
        rules,
        layout=layout,
        person_rows=PERSON_ROWS,
        constants=batch_counter,
        may_differ=r'detection_queries\..+',
    )


def convert_motrv2(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert a published MOTRv2, MOTR or Deformable DETR state dict.

    Args:
        source: The published state dict.
        target: Ours, of a freshly built model.

    Returns:
        The weights and the account of all keys.
    """
    return convert_with(RULES, source, target, layout='MOTRv2')
