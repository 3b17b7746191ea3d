# AdamW as published: 2e-4; backbone and sampling offsets a tenth of it; gradient norm at most 0.1.
# A config that inherits this gives max_epochs and the drop, e.g.
#   train_cfg = dict(max_epochs=10)
#   param_scheduler = [dict(type='MultiStepLR', milestones=[5], end=10)]
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=2e-4, weight_decay=1e-4),
    clip_grad=dict(max_norm=0.1, norm_type=2),
    paramwise_cfg=dict(
        custom_keys={
            'backbone': dict(lr_mult=0.1),
            'sampling_offsets': dict(lr_mult=0.1),
        }
    ),
)
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=10, val_interval=1)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[5], gamma=0.1)]
# One clip per GPU on 8 GPUs; --auto-scale-lr scales from there.
auto_scale_lr = dict(enable=False, base_batch_size=8)
# A clip without tracks or without objects leaves some parameters without a gradient.
find_unused_parameters = True
