# A MOTRv2 that a laptop's CPU trains: width 128, a decoder of 3 layers on the maps of the tiny
# detector's backbone and neck. They know where people are before training begins, and the neck has
# mixed the levels already, so no encoder layer comes after it.
_base_ = './motrv2_r50.py'
embed_dims = 128
detector_weights = '{{ fileDirname }}/../../../demo/yolox_tiny_synthetic.pth'
# Many heads: each has a direction from the box's centre of its own.
layers = dict(embed_dims=embed_dims, num_heads=16, num_levels=3, feedforward_channels=256)
model = dict(
    size_divisor=32,
    frozen=('backbone', 'neck.0'),
    # As the detector sees it: BGR, 0..255, not normalised.
    data_preprocessor=dict(mean=[0.0, 0.0, 0.0], std=[1.0, 1.0, 1.0], bgr_to_rgb=False),
    backbone=dict(
        _delete_=True,
        type='mmdet.CSPDarknet',
        deepen_factor=0.33,
        widen_factor=0.1875,
        out_indices=(2, 3, 4),
        init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='backbone.'),
    ),
    neck=[
        dict(
            type='mmdet.YOLOXPAFPN',
            in_channels=[48, 96, 192],
            out_channels=48,
            num_csp_blocks=1,
            init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='neck.'),
        ),
        dict(
            type='BiasedChannelMapper',
            in_channels=[48, 48, 48],
            kernel_size=1,
            out_channels=embed_dims,
            act_cfg=None,
            norm_cfg=dict(type='GN', num_groups=8),
        ),
    ],
    encoder=dict(num_layers=0, with_cp=False, **layers),
    detection_queries=dict(embed_dims=embed_dims, num_queries=10),
    decoder=dict(num_layers=3, position_periods=32.0, **layers),
    # A decoder this small lets tracks that cross fall for the same person.
    lifecycle=dict(merge_iou=0.8),
    head=dict(embed_dims=embed_dims, num_layers=3, initial_size_bias=0.0, relative=True),
    # Without dropped tracks a short clip has hardly an object that enters, and proposals learn that
    # somebody else answers for everything.
    propagation=dict(
        embed_dims=embed_dims,
        num_heads=4,
        feedforward_channels=256,
        random_drop=0.2,
        fp_ratio=0.1,
        position_periods=32.0,
    ),
    # Wide jitter: the box branches start from nothing and have much to learn from it.
    denoising=dict(embed_dims=embed_dims, box_noise=0.4, groups=4),
)
