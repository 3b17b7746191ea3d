"""Names of the weights in the published HQTrack and InternImage checkpoints."""

from __future__ import annotations

import re

# Our module names to theirs. First match of a whole part counts; the rest of the key stays.
_ENCODER = (
    (r'stem\.(conv\d)', r'patch_embed.\1'),
    (r'stem\.(norm\d)', r'patch_embed.\1.1'),
    (r'stages\.(\d+)\.norm', r'levels.\1.norm.0'),
    (r'downsamples\.(\d+)\.conv', r'levels.\1.downsample.conv'),
    (r'downsamples\.(\d+)\.norm', r'levels.\1.downsample.norm.1'),
    (r'stages\.(\d+\.blocks\.\d+)\.(norm\d)', r'levels.\1.\2.0'),
    (r'stages\.(\d+\.blocks\.\d+)\.(fc\d)', r'levels.\1.mlp.\2'),
    (r'stages\.(\d+\.blocks\.\d+)\.scale(\d)', r'levels.\1.gamma\2'),
    (r'stages\.(\d+\.blocks\.\d+)\.dcn\.depthwise', r'levels.\1.dcn.dw_conv.0'),
    (r'stages\.(\d+\.blocks\.\d+)\.dcn\.norm', r'levels.\1.dcn.dw_conv.1.1'),
    (r'stages\.(\d+\.blocks\.\d+)\.dcn\.value', r'levels.\1.dcn.input_proj'),
    (r'stages\.(\d+\.blocks\.\d+)\.dcn\.output', r'levels.\1.dcn.output_proj'),
    (r'stages\.(\d+\.blocks\.\d+)\.dcn\.(offset|mask)', r'levels.\1.dcn.\2'),
)
_LAYER = (
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
_BRANCH = (
    (r'conv', 'in{}.conv'),
    (r'norm', 'in{}.gn'),
    (r'blocks\.0\.conv(\d)', r'out{}.res1.conv\1'),
    (r'blocks\.0\.norm(\d)', r'out{}.res1.gn\1'),
    (r'blocks\.1\.conv(\d)', r'out{}.res2.conv\1'),
    (r'blocks\.1\.norm(\d)', r'out{}.res2.gn\1'),
)
_OTHERS = (
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


def _patterns() -> list[tuple[re.Pattern, str]]:
    rows = [(rf'encoder\.{ours}', f'encoder.{theirs}') for ours, theirs in _ENCODER]
    for ours, theirs in _LAYER:
        shifted = re.sub(r'\\(\d)', lambda found: f'\\{int(found[1]) + 1}', theirs)
        rows.append((rf'propagation\.layers\.(\d+)\.{ours}', rf'LSTT.layers.\1.{shifted}'))
        rows.append((rf'propagation\.fine_layer\.{ours}', f'LSTT.layer_s8.{theirs}'))
    for step, scale in (('to_fine', 's8'), ('to_finest', 's4')):
        for branch, suffix in (('visual', ''), ('identity', '_id')):
            rows += [
                (
                    rf'propagation\.{step}\.{branch}\.{ours}',
                    f'LSTT.{scale}_cons_{theirs}'.format(suffix),
                )
                for ours, theirs in _BRANCH
            ]
    rows += _OTHERS
    return [(re.compile(rf'{ours}(\.weight|\.bias|)'), theirs) for ours, theirs in rows]


_PATTERNS = _patterns()

# Weights of the published checkpoint that its network never reads.
DEAD = {
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
        found = pattern.fullmatch(key)
        if found:
            return found.expand(theirs) + found[found.re.groups]
    raise KeyError(f'{key} is no weight of VMOS')
