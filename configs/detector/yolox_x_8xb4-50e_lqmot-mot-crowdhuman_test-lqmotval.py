# The proposals of the MOT mix: YOLOX-x, 50 epochs on LQMOT, MOT17 with MOT20, and CrowdHuman (val).
# Data as configs/_base_/datasets/lqmot_mot17_mot20.py has it.
_base_ = './yolox_x_8xb4-20e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
max_epochs, num_last_epochs = 50, 10
train_sources = [
    dict(**_base_.source, data_root='data/LQMOT/', ann_file='annotations/train.json'),
    dict(**_base_.source, data_root='data/', ann_file='MOT/annotations/train.json'),
    dict(
        **_base_.source,
        data_root='data/crowdhuman/',
        ann_file='annotations/crowdhuman_val.json',
    ),
]
train_dataloader = dict(dataset=dict(dataset=dict(datasets=train_sources)))
val_dataloader = dict(dataset=dict(data_root='data/LQMOT/'))
test_dataloader = val_dataloader
val_evaluator = dict(ann_file='data/LQMOT/annotations/val.json')
test_evaluator = val_evaluator

train_cfg = dict(max_epochs=max_epochs)
param_scheduler = [
    _base_.warmup,
    {**_base_.cosine, 'T_max': max_epochs - num_last_epochs, 'end': max_epochs - num_last_epochs},
    {**_base_.constant, 'begin': max_epochs - num_last_epochs, 'end': max_epochs},
]
custom_hooks = [
    _base_.check_fit,
    {**_base_.mode_switch, 'num_last_epochs': num_last_epochs},
    _base_.sync_norm,
    _base_.average,
]
