"""Convert published LG-MOT checkpoints to ours.

The published state dict has the sub-network of levels 1 to 3 three times, under ``layers.1`` to
``layers.3``, and two node encoders, of which prompts decide which one is used; the other was never
trained.

Examples::

    python tools/model_converters/lg_mot.py lgmot_mot17.pth checkpoints/lgmot_mot17.pth
    python tools/model_converters/lg_mot_without_prompts.py baseline.pth checkpoints/baseline.pth
"""

from __future__ import annotations

import re

from torch import Tensor

from .base import Conversion, ConversionError, Rule, convert

PREFIX = 'hierarchy.'
# Part of a published sub-network -> ours. Dropout layers stand between theirs.
PARTS = {
    'encoder.edge_mlp.fc_layers.0': 'edge_encoder.0',
    'encoder.edge_mlp.fc_layers.3': 'edge_encoder.2',
    'encoder.edge_mlp.fc_layers.6': 'edge_encoder.4',
    'MPNet.edge_model.edge_mlp.fc_layers.0': 'edge_update.0',
    'MPNet.edge_model.edge_mlp.fc_layers.3': 'edge_update.2',
    'MPNet.node_model.flow_in_mlp.fc_layers.0': 'from_past.0',
    'MPNet.node_model.flow_in_mlp.fc_layers.3': 'from_past.2',
    'MPNet.node_model.flow_out_mlp.fc_layers.0': 'from_future.0',
    'MPNet.node_model.flow_out_mlp.fc_layers.3': 'from_future.2',
    'MPNet.node_model.node_mlp.0': 'merge.0',
    'classifier.edge_mlp.fc_layers.0': 'classifier.0',
    'classifier.edge_mlp.fc_layers.3': 'classifier.2',
}
WITH_PROMPTS = {
    'encoder.node_mlp1.fc_layers.0': 'hidden_encoder.0',
    'encoder.node_mlp2.fc_layers.0': 'node_encoder.0',
}
WITHOUT_PROMPTS = {
    'encoder.node_mlp.fc_layers.0': 'hidden_encoder.0',
    'encoder.node_mlp.fc_layers.3': 'node_encoder.0',
}


def convert_lg_mot(source: dict[str, Tensor], target: dict[str, Tensor]) -> Conversion:
    """Convert an LG-MOT checkpoint that was trained with prompts.

    Args:
        source: The published state dict.
        target: That of our :class:`GraphTracker`; its appearance encoder has weights of its own.

    Raises:
        ConversionError: It is no such checkpoint, or the config describes another network.
    """
    return _convert(source, target, WITH_PROMPTS, idle=r'node_mlp')


def convert_lg_mot_without_prompts(
    source: dict[str, Tensor], target: dict[str, Tensor]
) -> Conversion:
    """Convert an LG-MOT checkpoint that was trained without prompts: the baseline.

    Args:
        source: The published state dict.
        target: See :func:`convert_lg_mot`.

    Raises:
        ConversionError: It is no such checkpoint, or the config describes another network.
    """
    return _convert(source, target, WITHOUT_PROMPTS, idle=r'node_mlp[12]')


def _convert(
    source: dict[str, Tensor], target: dict[str, Tensor], node_encoder: dict[str, str], *, idle: str
) -> Conversion:
    ours = {key: value for key, value in target.items() if key.startswith(PREFIX)}
    if not ours:
        raise ConversionError('the config is of no LG-MOT: it has no hierarchy')
    rules = [
        Rule(r'layers\.[23]\.(.+)', same_as=r'layers.1.\1'),
        Rule(
            rf'layers\.[01]\.encoder\.{idle}\..+',
            reason='the node encoder that this training never used',
        ),
        Rule(r'edge_level_embed\.weight', target=f'{PREFIX}level_vectors.weight'),
        *(
            Rule(
                rf'layers\.([01])\.{re.escape(theirs)}\.(weight|bias)',
                target=rf'{PREFIX}networks.\1.{name}.\2',
            )
            for theirs, name in (PARTS | node_encoder).items()
        ),
    ]
    conversion = convert(source, ours, rules, layout='LG-MOT', person_rows={})
    if conversion.unfilled:
        raise ConversionError(
            f'{len(conversion.unfilled)} weights of the hierarchy are missing, such as '
            f'{", ".join(list(conversion.unfilled)[:3])}: lg_mot.py converts what was trained with '
            'prompts, lg_mot_without_prompts.py what was trained without'
        )
    return conversion
