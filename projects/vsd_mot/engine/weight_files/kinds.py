"""Which model weights are of: told by names that no other model here has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A model, and how its weights are recognised.

    Attributes:
        name: Of the model.
        signs: Regular expressions, each of which matches the beginning of a weight's name.
        layout: Of ``vsd-mot convert weights``; None for what is used as it is.
    """

    name: str
    signs: tuple[str, ...]
    layout: str | None = None


# Those that have more beside the weights of another one stand before it.
KINDS = (
    Kind('VSD-MOT', (r'semantics\.source\.input_proj\.', r'detection_queries\.')),
    Kind('VSE-MOT', (r'semantics\.source\.', r'detection_queries\.')),
    Kind('MOTRv2', (r'propagation\.', r'detection_queries\.')),
    Kind('LG-MOT', (r'hierarchy\.networks\.',)),
    Kind('HQTrack', (r'vmos\.',)),
    Kind('ReID of LG-MOT', (r'backbone\.layer1\.0\.bn1\.(?:IN|BN)\.', r'heads\.')),
    Kind('YOLOX of MMDetection', (r'(?:detector\.)?bbox_head\.multi_level_conv_obj\.',)),
    Kind('VSE-MOT as published', (r'yolox_embed\.', r'aspp\.'), 'vse_mot'),
    Kind('MOTRv2 as published', (r'yolox_embed\.',), 'motrv2'),
    Kind('MOTR as published', (r'track_embed\.', r'transformer\.level_embed'), 'motrv2'),
    Kind('Deformable DETR as published', (r'transformer\.level_embed', r'bbox_embed\.'), 'motrv2'),
    Kind(
        'Deformable DETR of MMDetection',
        (r'bbox_head\.(?:transformer\.)?', r'(?:.*\.)?level_embeds?$'),
        'deformable_detr',
    ),
    Kind('YOLOX as published', (r'head\.obj_preds\.',)),
    Kind('LG-MOT as published', (r'layers\.0\.encoder\.node_mlp', r'layers\.3\.'), 'lg_mot'),
    Kind('HQTrack as published', (r'LSTT\.', r'patch_wise_id_bank\.'), 'hqtrack'),
    Kind('InternImage', (r'patch_embed\.conv1\.', r'levels\.0\.blocks\.0\.dcn\.'), 'intern_image'),
    Kind('HQ-SAM', (r'mask_decoder\.hf_token\.',)),
    Kind('SAM', (r'mask_decoder\.mask_tokens\.',)),
    Kind('CLIP', (r'visual\.', r'token_embedding\.')),
)


def kind_of(names: Iterable[str]) -> Kind | None:
    """Tell which model weights are of.

    Args:
        names: Their names; the prefix ``module.`` of data-parallel training does not count.

    Returns:
        The model; None for one that is not known here.
    """
    short = [name.removeprefix('module.') for name in names]
    for kind in KINDS:
        if all(any(re.match(sign, name) for name in short) for sign in kind.signs):
            return kind
    return None
