# VSE-MOT on a laptop, to be compared with table V's rungs there (configs/vsd_mot). What looks at
# the frame is an ImageNet ResNet-50, not CLIP. A checkpoint has its weights: to test or resume one
# without their file, --cfg-options model.semantics.source.encoder.weights=None
_base_ = [
    '../vsd_mot/motrv2_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    '../_base_/models/resnet50_encoder.py',
]
maps = dict(embed_dims=_base_.embed_dims, map_rows=128)
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(
            type='CLIPBranch',
            embed_dims=_base_.embed_dims,
            encoder=_base_.image_encoder,
        ),
        adapter=dict(type='MOTAdapter', **maps),
        fusion=dict(type='VSFM', aspp_channels=64, **maps),
    )
)
