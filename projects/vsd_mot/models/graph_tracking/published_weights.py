"""The names of the published LG-MOT and SUSHI weights, and ours."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

# Part of a published sub-network -> ours. Dropout layers stand between theirs.
_PARTS = {
    'encoder.node_mlp1.fc_layers.0': 'hidden_encoder.0',
    'encoder.node_mlp2.fc_layers.0': 'node_encoder.0',
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
_WITHOUT_PROMPTS = {
    'encoder.node_mlp.fc_layers.0': 'hidden_encoder.0',
    'encoder.node_mlp.fc_layers.3': 'node_encoder.0',
}
_PROMPTS = ('encoder.node_mlp1.', 'encoder.node_mlp2.')


def our_names(*, prompts: bool = True) -> dict[str, str]:
    """Map published parameter names to ours, for both sub-networks of a :class:`GraphHierarchy`.

    Args:
        prompts: Whether the weights were trained with prompts: these decide which of its two node
            encoders the published network uses; the other is untrained (SPEC 4, 9.3).
    """
    parts = dict(_PARTS)
    if not prompts:
        parts = {key: name for key, name in parts.items() if not key.startswith(_PROMPTS)}
        parts.update(_WITHOUT_PROMPTS)
    names = {'edge_level_embed.weight': 'level_vectors.weight'}
    for layer in (0, 1):
        for theirs, ours in parts.items():
            for kind in ('weight', 'bias'):
                names[f'layers.{layer}.{theirs}.{kind}'] = f'networks.{layer}.{ours}.{kind}'
    return names


def convert_published(state: Mapping[str, Tensor], *, prompts: bool = True) -> dict[str, Tensor]:
    """Rename published weights; those of the idle node encoder and of shared layers are left out.

    Args:
        state: A published state dict.
        prompts: See :func:`our_names`.

    Returns:
        State dict for :class:`GraphHierarchy`.

    Raises:
        KeyError: If one is missing; names the first ones.
    """
    names = our_names(prompts=prompts)
    missing = [name for name in names if name not in state]
    if missing:
        raise KeyError(
            f'{len(missing)} weights of a published LG-MOT are missing, such as '
            f'{", ".join(missing[:3])}: is it a checkpoint of LG-MOT with edge_level_embed?'
        )
    return {ours: state[theirs] for theirs, ours in names.items()}
