# A MOTRv2 that a laptop's CPU trains on the synthetic set, from the tiny detector's backbone.
_base_ = [
    '../_base_/models/motrv2_tiny.py',
    '../_base_/datasets/synthetic.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
detector_weights = 'checkpoints/yolox_tiny_synthetic.pth'
model = dict(
    backbone=dict(init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='backbone.'))
)
model['neck'] = _base_.model.neck
model['neck'][0]['init_cfg'] = dict(type='Pretrained', checkpoint=detector_weights, prefix='neck.')
optim_wrapper = dict(optimizer=dict(lr=1e-3))
train_cfg = dict(max_epochs=8)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=100),
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-5,
        by_epoch=True,
        begin=0,
        end=8,
        convert_to_iter_based=True,
    ),
]
