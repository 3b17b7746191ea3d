# The tiny MOTRv2 on the maps of a YOLOX-nano that knows real people.
_base_ = './motrv2_tiny.py'
detector_weights = '{{ fileDirname }}/../../../demo/yolox_nano_degraded-person.pth'
model = dict(
    backbone=dict(
        widen_factor=0.25, use_depthwise=True, init_cfg=dict(checkpoint=detector_weights)
    ),
    neck=[
        dict(
            type='mmdet.YOLOXPAFPN',
            in_channels=[64, 128, 256],
            out_channels=64,
            num_csp_blocks=1,
            use_depthwise=True,
            init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='neck.'),
        ),
        dict(
            type='BiasedChannelMapper',
            in_channels=[64, 64, 64],
            kernel_size=1,
            out_channels=_base_.embed_dims,
            act_cfg=None,
            norm_cfg=dict(type='GN', num_groups=8),
        ),
    ],
)
