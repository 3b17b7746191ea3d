"""Names of the published HQTrack weights."""

import re

import pytest

from vsd_mot.engine.conversion.hqtrack_keys import UNUSED, published_key


@pytest.mark.parametrize(
    ('ours', 'theirs'),
    [
        ('encoder.stem.conv1.weight', 'encoder.patch_embed.conv1.weight'),
        (
            'encoder.stages.2.blocks.7.dcn.value.bias',
            'encoder.levels.2.blocks.7.dcn.input_proj.bias',
        ),
        ('encoder.stages.0.blocks.1.scale2', 'encoder.levels.0.blocks.1.gamma2'),
        ('propagation.layers.1.long_output.depthwise.weight',
         'LSTT.layers.1.long_term_attn.dw_conv.conv.weight'),
        ('propagation.fine_layer.self_propagation.to_keys.weight',
         'LSTT.layer_s8.self_attn.linear_QK.weight'),
        ('propagation.to_fine.identity.blocks.1.norm2.bias', 'LSTT.s8_cons_out_id.res2.gn2.bias'),
        ('propagation.to_finest.visual.conv.weight', 'LSTT.s4_cons_in.conv.weight'),
        ('identity_bank.fine.weight', 'patch_wise_id_bank_s8.weight'),
        ('head.classifier.bias', 'conv_output2.bias'),
    ],
)  # fmt: skip
def test_each_part_has_its_published_name(ours, theirs):
    assert published_key(ours) == theirs
    assert not any(re.fullmatch(pattern, theirs) for pattern in UNUSED)


def test_what_is_no_weight_is_refused():
    with pytest.raises(KeyError, match=r'backbone\.conv1\.weight is no weight of VMOS'):
        published_key('backbone.conv1.weight')
