# Second stage of HQTrack: video object segmentation, 150 000 steps of 16 clips (8 GPUs x 2), from
# the averaged weights of the first stage (MMEngine's EMAHook saves these as the state dict).
# The published code ships with DAVIS 2017 alone; the report names YouTube-VOS, VIPSeg, BURST, MOTS
# and OVIS besides: those that lie in one of the three layouts can be added to `clips`.
_base_ = ['../_base_/models/hqtrack_intern-t.py', '../_base_/schedules/hqtrack_adamw.py']
load_from = 'work_dirs/hqtrack_intern-t_8xb2-100k_static/iter_100000.pth'
steps = 150_000
model = dict(
    clip_loss=dict(
        type='MaskClipLoss', auxiliary_until=1.0, own_masks_from=0.5, identities_until=0.5
    )
)
pipeline = [
    dict(type='ScaleAndCropClip', size=465, short_edge=480),
    dict(type='VaryColours'),
    dict(type='FlipClip'),
]
video = dict(type='VideoMaskClips', split='train', pipeline=pipeline)
train_dataloader = dict(
    batch_size=2,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='MergedMaskClips',
        probability=0.3,
        clips=[
            dict(data_root='data/davis', layout='davis', max_gap=12, repeats=5, **video),
            dict(data_root='data/youtube_vos', layout='youtube_vos', max_gap=3, **video),
            dict(data_root='data/MOTS20', layout='mots', max_gap=3, **video),
        ],
    ),
)
test_dataloader = dict(
    batch_size=1,
    num_workers=2,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='VideoMaskFrames', data_root='data/davis', layout='davis', split='val'),
)
test_cfg = dict(type='TestLoop')
test_evaluator = dict(type='MaskTrackMetric', metrics=('j_and_f',))
optim_wrapper = dict(optimizer=dict(lr=2e-4, weight_decay=0.07))
param_scheduler = dict(total=steps, least=1e-5, identities_until=0.5)
train_cfg = dict(max_iters=steps, val_interval=steps)
custom_hooks = [
    dict(type='CheckpointFitHook'),
    dict(type='EMAHook', ema_type='RampedAverage', total=steps),
]
