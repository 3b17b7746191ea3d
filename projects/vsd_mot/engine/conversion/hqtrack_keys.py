"""Names of the weights in the published HQTrack and InternImage checkpoints."""

from __future__ import annotations

import re

# Our module names to theirs, part by part: the name of a part, then of what is in it.
Names = tuple[tuple[str, str], ...]
_BLOCK: Names = (
    (r'(norm\d)', r'\1.0'),
    (r'(fc\d)', r'mlp.\1'),
    (r'scale(\d)', r'gamma\1'),
    (r'dcn\.depthwise', 'dcn.dw_conv.0'),
    (r'dcn\.norm', 'dcn.dw_conv.1.1'),
    (r'dcn\.value', 'dcn.input_proj'),
    (r'dcn\.output', 'dcn.output_proj'),
    (r'dcn\.(offset|mask)', r'dcn.\1'),
)
_ENCODER: Names = (
    (r'stem\.(conv\d)', r'patch_embed.\1'),
    (r'stem\.(norm\d)', r'patch_embed.\1.1'),
    (r'stages\.(\d+)\.norm', r'levels.\1.norm.0'),
    (r'downsamples\.(\d+)\.conv', r'levels.\1.downsample.conv'),
    (r'downsamples\.(\d+)\.norm', r'levels.\1.downsample.norm.1'),
)
_LAYER: Names = (
    (r'norm', 'norm1'),
    (r'to_keys_values', 'linear_QV'),
    (r'to_gate', 'linear_U'),
    (r'identity_norm', 'id_norm1'),
    (r'identity_gate', 'linear_ID_U'),
    (r'identity_values', 'linear_ID_V'),
    (r'relative', 'short_term_attn.relative_emb_k'),
    (r'(long|short)_output\.depthwise', r'\1_term_attn.dw_conv.conv'),
    (r'(long|short)_output\.projection', r'\1_term_attn.projection'),
    (r'self_norm', 'norm2'),
    (r'self_identity_norm', 'id_norm2'),
    (r'self_propagation\.to_keys', 'self_attn.linear_QK'),
    (r'self_propagation\.visual_values', 'self_attn.linear_V1'),
    (r'self_propagation\.identity_values', 'self_attn.linear_V2'),
    (r'self_propagation\.visual_gate', 'self_attn.linear_U1'),
    (r'self_propagation\.identity_gate', 'self_attn.linear_U2'),
    (r'self_propagation\.output\.depthwise', 'self_attn.dw_conv.conv'),
    (r'self_propagation\.output\.projection', 'self_attn.projection'),
)
_TOP_LEVEL: Names = (
    (r'projector', 'encoder_projector'),
    (r'identity_bank\.coarse', 'patch_wise_id_bank'),
    (r'identity_bank\.fine', 'patch_wise_id_bank_s8'),
    (r'identity_bank\.coarse_norm', 'id_norm'),
    (r'identity_bank\.fine_norm', 'id_norm_s8'),
    (r'propagation\.to_fine\.skip', 'LSTT.s8_proj'),
    (r'propagation\.to_finest\.skip', 'LSTT.s4_proj'),
    (r'propagation\.norm', 'LSTT.decoder_norms_s4.0.gn'),
    (r'head\.conv', 'conv_output1.conv'),
    (r'head\.norm', 'conv_output1.gn'),
    (r'head\.classifier', 'conv_output2'),
)


def _branch(suffix: str) -> Names:
    """Names in one of the branches of a step to a finer scale."""
    blocks = ((block, unit) for block in (0, 1) for unit in ('conv', 'norm'))
    return (
        (r'conv', f'in{suffix}.conv'),
        (r'norm', f'in{suffix}.gn'),
        *(
            (
                rf'blocks\.{block}\.{unit}(\d)',
                rf'out{suffix}.res{block + 1}.{"gn" if unit == "norm" else unit}\1',
            )
            for block, unit in blocks
        ),
    )


# Name of a part, its published name, and what is in it.
_PARTS: tuple[tuple[str, str, Names], ...] = (
    (r'encoder\.stages\.(\d+\.blocks\.\d+)\.', r'encoder.levels.\1.', _BLOCK),
    (r'encoder\.', 'encoder.', _ENCODER),
    (r'propagation\.layers\.(\d+)\.', r'LSTT.layers.\1.', _LAYER),
    (r'propagation\.fine_layer\.', 'LSTT.layer_s8.', _LAYER),
    (r'propagation\.to_fine\.visual\.', 'LSTT.s8_cons_', _branch('')),
    (r'propagation\.to_fine\.identity\.', 'LSTT.s8_cons_', _branch('_id')),
    (r'propagation\.to_finest\.visual\.', 'LSTT.s4_cons_', _branch('')),
    (r'propagation\.to_finest\.identity\.', 'LSTT.s4_cons_', _branch('_id')),
    ('', '', _TOP_LEVEL),
)


def _patterns() -> list[tuple[re.Pattern, str]]:
    """Whole names; what ends them, .weight or .bias, is the last group."""
    return [
        (re.compile(rf'{part}{name}(\.weight|\.bias|)'), theirs + _count_on(published, part))
        for part, theirs, names in _PARTS
        for name, published in names
    ]


def _count_on(published: str, part: str) -> str:
    """Let a name's references to groups count on from the groups of the part that it is in."""
    first = re.compile(part).groups
    return re.sub(r'\\(\d)', lambda match: f'\\{int(match[1]) + first}', published)


_PATTERNS = _patterns()

# Weights of the published checkpoint that its network never reads.
UNUSED = {
    r'decoder\..+': 'FPN decoder that the published network builds and never calls',
    r'LSTT\.decoder_norms\.0\..+': 'norm in front of the FPN decoder, never called',
    r'encoder\.levels\.2\.downsample\..+': 'down-sampling whose output is thrown away',
}


def published_key(key: str) -> str:
    """Return the published HQTrack checkpoint's name of one of VMOS's weights.

    Args:
        key: Key of :class:`VMOS`'s state dict.

    Raises:
        KeyError: VMOS has no such weight.
    """
    for pattern, theirs in _PATTERNS:
        match = pattern.fullmatch(key)
        if match:
            return match.expand(theirs) + match[match.re.groups]
    raise KeyError(f'{key} is no weight of VMOS')
