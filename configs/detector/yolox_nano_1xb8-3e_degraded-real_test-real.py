# YOLOX-nano of COCO goes on with real sequences of several cameras, of which most frames are spoilt
# on the fly, each by a camera of its own: a detector that has seen bad frames and still knows good
# ones. Data and figures: docs/real_people.md. The annotations are COCO's, of frames of your choice.
_base_ = './yolox_tiny_1xb8-8e_synthetic_test-synthetic.py'
data_root = 'data/real/'
model = dict(
    init_cfg=dict(type='Pretrained', checkpoint='checkpoints/yolox_nano_person.pth'),
    backbone=dict(widen_factor=0.25, use_depthwise=True),
    neck=dict(in_channels=[64, 128, 256], out_channels=64, use_depthwise=True),
    bbox_head=dict(in_channels=64, feat_channels=64, use_depthwise=True),
)
input_scale = (640, 384)
_weather = ('fog', 'low_contrast', 'low_light', 'motion_blur', 'shot_noise', 'rain')
_degrade = dict(
    type='RandomChoice',
    prob=[0.35, 0.45, 0.2],
    transforms=[
        [],
        [dict(type='mmtrack.RandomDegradation')],
        [
            dict(
                type='RandomChoice',
                transforms=[
                    [dict(type='mmtrack.CorruptFrame', corruption=name, severity=severity)]
                    for name in _weather
                    for severity in (2, 4)
                ],
            )
        ],
    ],
)
_fit = dict(type='Resize', scale=input_scale, keep_ratio=True)
_frames = dict(
    _base_.train_dataloader.dataset.dataset,
    data_root=data_root,
    ann_file='annotations/detector_train.json',
    pipeline=[
        dict(type='LoadImageFromFile'),
        dict(type='LoadAnnotations', with_bbox=True),
        _degrade,
    ],
)
train_dataloader = dict(
    num_workers=0,
    persistent_workers=False,
    dataset=dict(dataset=dict(_delete_=True, **_frames), pipeline=[_fit, *_base_.train_pipeline]),
)
_load, _, *_rest = _base_.test_pipeline
test_pipeline = [_load, dict(type='Resize', scale=input_scale, keep_ratio=True), *_rest]
val_dataloader = dict(
    num_workers=0,
    persistent_workers=False,
    dataset=dict(
        data_root=data_root, ann_file='annotations/detector_val.json', pipeline=test_pipeline
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=data_root + 'annotations/detector_val.json')
test_evaluator = val_evaluator

max_epochs = 3
train_cfg = dict(max_epochs=max_epochs, val_interval=100)
optim_wrapper = dict(optimizer=dict(lr=2e-4), clip_grad=dict(max_norm=35))
_warmup, _cosine = _base_.param_scheduler
param_scheduler = [
    {**_warmup, 'end': 50},
    {**_cosine, 'begin': 0, 'end': max_epochs, 'T_max': max_epochs, 'eta_min': 1e-5},
]
default_hooks = dict(checkpoint=dict(interval=1, max_keep_ckpts=4))
_check, _switch, _average = _base_.custom_hooks
custom_hooks = [_check, _average]
