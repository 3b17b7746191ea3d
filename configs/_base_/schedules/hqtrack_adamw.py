# AdamW with HQTrack's groups, rates and averaged weights; a config sets steps, rates and decay.
_base_ = '../default_runtime.py'
steps = 100_000
optim_wrapper = dict(
    type='OptimWrapper',
    constructor='MaskOptimWrapperConstructor',
    optimizer=dict(type='AdamW', lr=4e-4, weight_decay=0.03),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = dict(type='WarmupPolyLR', total=steps, least=2e-5, by_epoch=False)
train_cfg = dict(type='IterBasedTrainLoop', max_iters=steps, val_interval=steps)
custom_hooks = [
    dict(type='CheckpointFitHook'),
    dict(type='EMAHook', ema_type='RampedAverage', total=steps),
]
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=5000))
log_processor = dict(by_epoch=False)
auto_scale_lr = dict(base_batch_size=16)
