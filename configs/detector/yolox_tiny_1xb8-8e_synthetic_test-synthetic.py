# A small YOLOX for the synthetic set, from scratch on a CPU.
_base_ = [
    '../_base_/detectors/yolox_tiny_synthetic.py',
    '../_base_/detectors/runtime.py',
]
model = _base_.detector
data_root = 'data/synthetic/'
metainfo = dict(classes=('pedestrian',))

# No rotation: a rotated box's bounding box is wider than the person.
train_pipeline = [
    dict(
        type='RandomAffine',
        max_rotate_degree=0.0,
        max_translate_ratio=0.15,
        scaling_ratio_range=(0.7, 1.4),
        max_shear_degree=0.0,
    ),
    dict(type='YOLOXHSVRandomAug', hue_delta=15, saturation_delta=60, value_delta=60),
    dict(type='RandomFlip', prob=0.5),
    dict(type='FilterAnnotations', min_gt_bbox_wh=(2, 2), keep_empty=False),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'flip', 'flip_direction'),
    ),
]
load_image = dict(type='LoadImageFromFile')
load_boxes = dict(type='LoadAnnotations', with_bbox=True)
pack_frame = dict(
    type='PackDetInputs',
    meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
)
test_pipeline = [
    load_image,
    dict(type='Resize', scale=(384, 224), keep_ratio=True),
    load_boxes,
    pack_frame,
]
dataset_defaults = dict(type='CocoDataset', data_root=data_root, metainfo=metainfo)
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        # The wrapper that YOLOXModeSwitchHook can tell to leave a step out.
        type='MultiImageMixDataset',
        dataset=dict(
            **dataset_defaults,
            ann_file='annotations/train.json',
            data_prefix=dict(img=''),
            pipeline=[load_image, load_boxes],
        ),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=1,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        **dataset_defaults,
        ann_file='annotations/val.json',
        data_prefix=dict(img=''),
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='CocoMetric', ann_file=data_root + 'annotations/val.json', metric='bbox')
test_evaluator = val_evaluator

max_epochs = 8
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs, val_interval=2)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1.5e-3, weight_decay=0.05),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
)
warmup = dict(type='LinearLR', start_factor=0.05, by_epoch=False, begin=0, end=300)
cosine = dict(
    type='CosineAnnealingLR',
    eta_min=2e-5,
    begin=1,
    end=max_epochs,
    T_max=max_epochs - 1,
    by_epoch=True,
    convert_to_iter_based=True,
)
param_scheduler = [warmup, cosine]
default_hooks = dict(logger=dict(interval=20))
check_fit = dict(type='mmtrack.CheckpointFitHook')
# The last epochs see frames as they are, and an L1 loss on top.
mode_switch = dict(
    type='YOLOXModeSwitchHook', num_last_epochs=3, skip_type_keys=('RandomAffine',), priority=48
)
# Few iterations: a short memory.
average = dict(
    type='EMAHook',
    ema_type='ExpMomentumEMA',
    momentum=0.001,
    gamma=100,
    update_buffers=True,
    priority=49,
)
custom_hooks = [check_fit, mode_switch, average]
auto_scale_lr = dict(enable=False, base_batch_size=8)
