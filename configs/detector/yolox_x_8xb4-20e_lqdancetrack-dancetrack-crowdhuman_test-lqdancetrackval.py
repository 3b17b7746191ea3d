# The proposals of the DanceTrack mix: YOLOX-x, 20 epochs on LQDanceTrack, DanceTrack and CrowdHuman
# (train and val). Data as configs/_base_/datasets/lqdancetrack_dancetrack.py has it.
_base_ = '../_base_/detectors/yolox_x_training.py'
max_epochs, num_last_epochs = 20, 4
source = dict(
    type='CocoDataset',
    metainfo=_base_.metainfo,
    data_prefix=dict(img=''),
    filter_cfg=dict(filter_empty_gt=True, min_size=32),
    pipeline=_base_.load_pipeline,
)
train_sources = [
    dict(**source, data_root='data/LQDanceTrack/', ann_file='annotations/train.json'),
    dict(**source, data_root='data/DanceTrack/', ann_file='annotations/train.json'),
    dict(**source, data_root='data/crowdhuman/', ann_file='annotations/crowdhuman_train.json'),
    dict(**source, data_root='data/crowdhuman/', ann_file='annotations/crowdhuman_val.json'),
]
train_dataloader = dict(dataset=dict(dataset=dict(datasets=train_sources)))
val_dataloader = dict(dataset=dict(data_root='data/LQDanceTrack/', ann_file='annotations/val.json'))
test_dataloader = val_dataloader
val_evaluator = dict(ann_file='data/LQDanceTrack/annotations/val.json')
test_evaluator = val_evaluator

train_cfg = dict(max_epochs=max_epochs)
# The first epoch warms up, then a cosine, then a constant rate for the epochs without mosaic.
warmup = dict(type='QuadraticWarmupLR', by_epoch=True, begin=0, end=1, convert_to_iter_based=True)
cosine = dict(
    type='CosineAnnealingLR',
    eta_min=_base_.base_lr * 0.05,
    begin=1,
    T_max=max_epochs - num_last_epochs,
    end=max_epochs - num_last_epochs,
    by_epoch=True,
    convert_to_iter_based=True,
)
constant = dict(
    type='ConstantLR',
    by_epoch=True,
    factor=1,
    begin=max_epochs - num_last_epochs,
    end=max_epochs,
)
param_scheduler = [warmup, cosine, constant]
check_fit = dict(type='mmtrack.CheckpointFitHook')
mode_switch = dict(type='mmdet.YOLOXModeSwitchHook', num_last_epochs=num_last_epochs, priority=48)
sync_norm = dict(type='SyncNormHook', priority=48)
average = dict(
    type='EMAHook',
    ema_type='ExpMomentumEMA',
    momentum=0.0001,
    update_buffers=True,
    priority=49,
)
custom_hooks = [check_fit, mode_switch, sync_norm, average]
