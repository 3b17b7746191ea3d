# YOLOX-nano of COCO, trained on own data (data/own) and its low-quality copy (data/LQown):
#     python tools/dataset_converters/mot2coco.py data/own --val-sequences NAME...
#     python tools/dataset_converters/make_lq.py data/own data/LQown
#     python tools/dataset_converters/mot2coco.py data/LQown --val-sequences NAME...
# What it gave on MOT17 stands in the README of this folder.
_base_ = './yolox_tiny_1xb8-8e_synthetic_test-synthetic.py'
data_root, lq_root = 'data/own/', 'data/LQown/'
input_scale = (800, 448)
model = dict(
    init_cfg=dict(type='Pretrained', checkpoint='checkpoints/yolox_nano_person.pth'),
    backbone=dict(widen_factor=0.25, use_depthwise=True),
    neck=dict(in_channels=[64, 128, 256], out_channels=64, use_depthwise=True),
    bbox_head=dict(in_channels=64, feat_channels=64, use_depthwise=True),
)
_train_set = _base_.train_dataloader.dataset.dataset
_fit = dict(type='Resize', scale=input_scale, keep_ratio=True)
train_dataloader = dict(
    dataset=dict(
        dataset=dict(
            _delete_=True,
            type='ConcatDataset',
            datasets=[
                {**_train_set, 'data_root': data_root},
                {**_train_set, 'data_root': lq_root},
            ],
        ),
        pipeline=[_fit, *_base_.train_pipeline],
    )
)
test_pipeline = [_base_.load_image, _fit, _base_.load_boxes, _base_.pack_frame]
val_dataloader = dict(dataset=dict(data_root=lq_root, pipeline=test_pipeline))
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=lq_root + 'annotations/val.json')
test_evaluator = val_evaluator

train_cfg = dict(max_epochs=1, val_interval=1)
optim_wrapper = dict(optimizer=dict(lr=5e-4))
param_scheduler = [
    {**_base_.warmup, 'end': 50},
    {**_base_.cosine, 'begin': 0, 'end': 1, 'T_max': 1, 'eta_min': 1e-5},
]
# One epoch has no last ones for YOLOXModeSwitchHook.
custom_hooks = [_base_.check_fit, _base_.average]
