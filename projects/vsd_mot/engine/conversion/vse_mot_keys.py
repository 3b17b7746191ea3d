"""Where the weights of a published VSE-MOT checkpoint go in ours: the semantic branch.

Everything else in such a checkpoint is MOTRv2's.
"""

# Published top-level module -> ours, within the semantic branch (adapter and VSFM linked).
_MODULES = {
    'conv1': 'adapter.embedding.semantics.conv',
    'batchnormal_c1': 'adapter.embedding.semantics.norm',
    'conv2': 'adapter.embedding.queries.conv',
    'batchnormal_c2': 'adapter.embedding.queries.norm',
    'channel_attention1.shared_MLP': 'adapter.semantics_channel_gate.mlp',
    'channel_attention2.shared_MLP': 'adapter.queries_channel_gate.mlp',
    'spatial_attention1.conv2d': 'adapter.semantics_spatial_gate.conv',
    'spatial_attention2.conv2d': 'adapter.queries_spatial_gate.conv',
    'multihead_attn4': 'adapter.channel_attention.attention',
    'batchnormal4': 'adapter.channel_attention.norm',
    'multihead_attn5': 'adapter.spatial_attention.attention',
    'batchnormal5': 'adapter.spatial_attention.norm',
    'multihead_attn1': 'fusion.semantics_attention.attention',
    'batchnormal1': 'fusion.semantics_attention.norm',
    'multihead_attn2': 'fusion.queries_attention.attention',
    'batchnormal2': 'fusion.queries_attention.norm',
    'aspp.b0.0': 'fusion.aspp.point.conv',
    'aspp.b0.1': 'fusion.aspp.point.norm',
    'aspp.convs.0.0': 'fusion.aspp.dilated.0.conv',
    'aspp.convs.0.1': 'fusion.aspp.dilated.0.norm',
    'aspp.convs.1.0': 'fusion.aspp.dilated.1.conv',
    'aspp.convs.1.1': 'fusion.aspp.dilated.1.norm',
    'aspp.convs.2.0': 'fusion.aspp.dilated.2.conv',
    'aspp.convs.2.1': 'fusion.aspp.dilated.2.norm',
    'aspp.global_pool.conv': 'fusion.aspp.pooled.conv',
    'aspp.global_pool.bn': 'fusion.aspp.pooled.norm',
    'aspp.concat_project.0': 'fusion.aspp.project.conv',
    'aspp.concat_project.1': 'fusion.aspp.project.norm',
    'conv3': 'fusion.weigh.conv',
    'batchnormal_c3': 'fusion.weigh.norm',
    'multihead_attn3': 'fusion.fused_attention.attention',
    'batchnormal3': 'fusion.fused_attention.norm',
    'conv4': 'fusion.shrink.0.conv',
    'batchnormal_c4': 'fusion.shrink.0.norm',
    'conv5': 'fusion.shrink.1.conv',
    'batchnormal_c5': 'fusion.shrink.1.norm',
    'conv6': 'fusion.shrink.2',
    'linear5': 'fusion.vector',
    'linear1': 'source.projection.0',
    'linear2': 'source.projection.2',
    'linear3': 'source.projection.4',
    'linear4': 'source.projection.6',
    'image_encoder': 'source.encoder.visual',
}


def vse_mot_key(key: str, branch: str = 'semantics') -> str | None:
    """Our name of a published VSE-MOT weight that belongs to the semantic branch.

    Args:
        key: Key of the published state dict.
        branch: Name of the branch in the model.

    Returns:
        Key of ours, or None where the weight is no part of the branch: it is MOTRv2's.
    """
    for published, ours in _MODULES.items():
        if key.startswith(f'{published}.'):
            return f'{branch}.{ours}{key[len(published) :]}'
    return None
