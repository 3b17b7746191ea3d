# Tiny HQTrack on the synthetic set, on a CPU. The set, then training, then the scores:
#     python tools/dataset_converters/make_synthetic.py data/synthetic-masks --label-maps \
#         --train-sequences 40 --val-sequences 6
#     python tools/train.py configs/hqtrack/hqtrack_tiny_1xb4-1k_synthetic_test-synthetic.py
_base_ = [
    '../_base_/models/hqtrack_tiny.py',
    '../_base_/schedules/hqtrack_adamw.py',
]
data_root = 'data/synthetic-masks/'
steps = 1100
model = dict(
    memory=dict(long_gap=10, short_lag=1),
    clip_loss=dict(type='MaskClipLoss', auxiliary_until=1.0, own_masks_from=0.75),
)
train_dataloader = dict(
    batch_size=4,
    num_workers=0,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='MergedMaskClips',
        probability=0.1,
        clips=dict(
            type='VideoMaskClips',
            data_root=data_root,
            layout='mots',
            split='train',
            clip_length=3,
            max_gap=3,
            pipeline=[
                dict(type='ScaleAndCropClip', size=129, short_edge=224),
                dict(type='VaryColours', jitter_probability=0.3, grey_probability=0.0),
                dict(type='FlipClip'),
            ],
        ),
    ),
)
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='VideoMaskFrames', data_root=data_root, layout='mots', split='val', min_pixels=100
    ),
)
test_cfg = dict(type='TestLoop')
test_evaluator = dict(type='MaskTrackMetric')
# From scratch: the encoder learns as fast as the rest.
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = dict(total=steps, encoder_factor=1.0)
train_cfg = dict(max_iters=steps, val_interval=steps)
custom_hooks = [
    dict(type='CheckpointFitHook'),
    dict(type='EMAHook', ema_type='RampedAverage', total=steps),
]
default_hooks = dict(checkpoint=dict(interval=200, max_keep_ckpts=1), logger=dict(interval=20))
randomness = dict(seed=0)
