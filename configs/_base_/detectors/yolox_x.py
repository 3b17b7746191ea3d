# YOLOX-x at 800 x 1440, as ByteTrack and MOTRv2 have it.
_base_ = './yolox.py'
detector = dict(
    data_preprocessor=dict(
        # In training only: sizes from 576 to 1024 for the shorter side, all GPUs alike.
        batch_augments=[
            dict(
                type='BatchSyncRandomResize',
                random_size_range=(576, 1024),
                size_divisor=32,
                interval=10,
            )
        ],
    ),
    backbone=dict(deepen_factor=1.33, widen_factor=1.25),
    neck=dict(in_channels=[320, 640, 1280], out_channels=320, num_csp_blocks=4),
    bbox_head=dict(in_channels=320, feat_channels=320),
)
