# MOTRv2 at full size: ResNet-50, 6 + 6 layers, 41.9 M parameters.
model = dict(
    type='MOTRv2',
    data_preprocessor=dict(
        type='ClipDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='FoldedResNet',
        depth=50,
        num_stages=4,
        out_indices=(1, 2, 3),
        frozen_stages=1,
        norm_cfg=dict(type='BN', requires_grad=False),
        norm_eval=True,
        style='pytorch',
    ),
    neck=dict(
        type='BiasedChannelMapper',
        in_channels=[512, 1024, 2048],
        kernel_size=1,
        out_channels=256,
        act_cfg=None,
        norm_cfg=dict(type='GN', num_groups=32),
        num_outs=4,
    ),
    encoder=dict(type='DeformableEncoder', num_layers=6, with_cp=True),
    detection_queries=dict(type='ProposalQueries', num_queries=10),
    decoder=dict(type='DeformableDecoder', num_layers=6),
    head=dict(type='MOTRHead', num_layers=6),
    propagation=dict(type='QueryInteraction'),
    lifecycle=dict(type='TrackLifecycle', miss_tolerance=20),
    denoising=dict(type='QueryDenoising', box_noise=0.05),
    clip_loss=dict(
        type='ClipLoss',
        matcher=dict(
            type='IdentityAwareMatcher',
            assigner=dict(
                type='mmdet.HungarianAssigner',
                match_costs=[
                    dict(type='mmdet.FocalLossCost', weight=2.0, eps=1e-8),
                    dict(type='mmdet.BBoxL1Cost', weight=5.0, box_format='xywh'),
                    dict(type='mmdet.IoUCost', weight=2.0, iou_mode='giou'),
                ],
            ),
        ),
        loss_cls=dict(
            type='mmdet.FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=2.0
        ),
        loss_bbox=dict(type='mmdet.L1Loss', loss_weight=5.0),
        loss_iou=dict(type='mmdet.GIoULoss', eps=1e-12, loss_weight=2.0),
    ),
)
