# The tiny MOTRv2 on own data in MOTChallenge layout (data/own). It stands on YOLOX-nano, which also
# makes the proposals; the decoder starts from the run on the synthetic set. What it gave on MOT17
# stands in the README of this folder.
_base_ = [
    '../_base_/models/motrv2_tiny.py',
    '../_base_/datasets/mot_challenge.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
detector_weights = 'checkpoints/yolox_nano_person.pth'
tracker_weights = '{{ fileDirname }}/../../demo/motrv2_tiny_synthetic.pth'
_backbone, _neck = _base_.model.backbone, _base_.model.neck
_backbone.update(
    widen_factor=0.25,
    use_depthwise=True,
    init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='backbone.'),
)
_neck[0].update(
    in_channels=[64, 128, 256],
    out_channels=64,
    use_depthwise=True,
    init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='neck.'),
)
_neck[1].update(in_channels=[64, 64, 64])
model = dict(
    backbone=_backbone,
    neck=_neck,
    denoising=dict(groups=1),
    **{
        part: dict(init_cfg=dict(type='Pretrained', checkpoint=tracker_weights, prefix=f'{part}.'))
        for part in ('decoder', 'head', 'detection_queries', 'propagation')
    },
)

_load = dict(
    type='ClipBroadcaster',
    transforms=[
        dict(type='LoadFrame'),
        dict(type='LoadTrackAnnotations', with_instance_id=True),
    ],
)
_augment = dict(
    type='ClipBroadcaster',
    share_random_params=True,
    transforms=[
        dict(type='ClipRandomFlip', prob=0.5),
        dict(
            type='RandomChoiceResize',
            scales=[288, 320, 352],
            resize_type='ShortSideResize',
            rule='detr',
        ),
        dict(type='mmdet.YOLOXHSVRandomAug', hue_delta=5, saturation_delta=30, value_delta=30),
    ],
)
_test_pipeline = [
    dict(type='LoadFrame'),
    dict(type='LoadTrackAnnotations', with_instance_id=True),
    dict(type='ShortSideResize', scale=320),
    dict(type='PackClipInputs'),
]
train_dataloader = dict(
    batch_size=2,
    num_workers=1,
    dataset=dict(
        clip_length=4, max_step=3, pipeline=[_load, _augment, dict(type='PackClipInputs')]
    ),
)
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=_test_pipeline))
test_dataloader = val_dataloader
optim_wrapper = dict(optimizer=dict(lr=4e-4))
train_cfg = dict(max_epochs=1)
param_scheduler = [
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-5,
        by_epoch=True,
        begin=0,
        end=1,
        convert_to_iter_based=True,
    )
]
