# VSE-MOT on a laptop, to be compared with table V's rungs there (configs/vsd_mot). What looks at
# the frame is an ImageNet ResNet-50, not CLIP. The environment variable RESNET50 names weights that
# are on this machine (Caffe's ResNet-50, BGR 0..255). A checkpoint has them: to test or resume one
# without that file, --cfg-options model.semantics.source.encoder.weights=None
_base_ = '../vsd_mot/motrv2_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
maps = dict(embed_dims=_base_.embed_dims, map_rows=128)
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(
            type='CLIPBranch',
            embed_dims=_base_.embed_dims,
            encoder=dict(
                type='BackboneEncoder',
                backbone=dict(
                    type='mmdet.ResNet',
                    depth=50,
                    norm_cfg=dict(type='BN', requires_grad=False),
                    style='caffe',
                ),
                weights='{{$RESNET50:open-mmlab://detectron2/resnet50_caffe}}',
                mean=[123.68, 116.779, 103.939],
                std=[1.0, 1.0, 1.0],
                bgr=True,
                # Half the frames' own size.
                size=(112, 192),
            ),
        ),
        adapter=dict(type='MOTAdapter', **maps),
        fusion=dict(type='VSFM', aspp_channels=64, **maps),
    )
)
