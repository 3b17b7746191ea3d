# What looks at the whole frame in the tiny configs, as teacher or in CLIP's place: an ImageNet
# ResNet-50. The environment variable RESNET50 names weights that are on this machine (Caffe's
# ResNet-50, BGR 0..255).
image_encoder = dict(
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
)
