# First stage of HQTrack: clips made of still pictures, 100 000 steps of 16 clips (8 GPUs x 2).
# Each of the sets (COCO, ECSSD, MSRA10K, PASCAL-S, PASCAL VOC 2012) as images/ and labels/*.png.
# InternImage-T, to begin with: tools/model_converters/intern_image.py.
_base_ = ['../_base_/models/hqtrack_intern-t.py', '../_base_/schedules/hqtrack_adamw.py']
load_from = 'checkpoints/intern_t.pth'
sets = ('coco', 'ecssd', 'msra10k', 'pascal_s', 'voc2012')
model = dict(clip_loss=dict(type='MaskClipLoss', auxiliary_until=0.1))
pipeline = [
    dict(type='ScaleAndCropClip', size=465, short_edge=480, scale=(0.97, 1.3)),
    dict(type='VaryColours'),
    dict(type='FlipClip'),
]
train_dataloader = dict(
    batch_size=2,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='MergedMaskClips',
        probability=1.0,
        clips=[
            dict(type='StillMaskClips', data_root=f'data/static/{name}', pipeline=pipeline)
            for name in sets
        ],
    ),
)
