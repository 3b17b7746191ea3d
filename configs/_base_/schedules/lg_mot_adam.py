# As published: Adam with L2, no schedule, no clipping; a level more every 500 iterations.
_base_ = ['../default_runtime.py']
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=3e-4, weight_decay=1e-4))
custom_hooks = [
    dict(type='CheckpointFitHook'),
    dict(type='UnlockLevelsHook', every=500),
]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=200, val_interval=5)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
default_hooks = dict(checkpoint=dict(type='AtomicCheckpointHook', interval=5))
