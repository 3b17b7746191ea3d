# What training of a detector has in common: this package's runtime in MMDetection's scope.
_base_ = '../default_runtime.py'
default_scope = 'mmdet'
default_hooks = dict(checkpoint=dict(type='mmtrack.AtomicCheckpointHook', max_keep_ckpts=2))
custom_hooks = [dict(type='mmtrack.CheckpointFitHook')]
visualizer = dict(type='DetLocalVisualizer')
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
