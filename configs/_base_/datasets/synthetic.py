# The tiny synthetic set, 384 x 224:
#     python tools/dataset_converters/make_synthetic.py data/synthetic
# Proposals by the tiny YOLOX (configs/detector); proposal_file=None makes them in the loop.
_base_ = ['./clip_steps.py', './mot_evaluation.py']
data_root = 'data/synthetic/'

# Longer sides are not limited: everything has one aspect ratio.
_resize = dict(
    type='RandomChoiceResize',
    scales=[176, 200, 224, 248],
    resize_type='ShortSideResize',
    rule='detr',
)

augment_clip = dict(
    type='ClipBroadcaster',
    share_random_params=True,
    transforms=[
        _base_.flip_clip,
        dict(
            type='RandomChoice',
            transforms=[
                [_resize],
                [
                    dict(type='ClipRandomCrop', crop_size=(0.6, 0.6), crop_type='relative_range'),
                    _resize,
                ],
            ],
        ),
        _base_.vary_colours,
    ],
)
train_pipeline = [_base_.load_clip, augment_clip, _base_.pack_clip]
test_pipeline = [
    *_base_.load_frame,
    dict(type='ShortSideResize', scale=224),
    _base_.pack_clip,
]

train_dataloader = dict(
    batch_size=1,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='MOTClipDataset',
        data_root=data_root,
        ann_file='annotations/train.json',
        data_prefix=dict(img_path=''),
        proposal_file='proposals/train.proposals',
        clip_length=5,
        # 10 frames per second: from frame to frame the boxes of a person overlap by 0.67 on the
        # average already; three frames apart it would be 0.38.
        max_step=1,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=1,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='VideoSampler'),
    dataset=dict(
        type='MOTClipDataset',
        data_root=data_root,
        ann_file='annotations/val.json',
        data_prefix=dict(img_path=''),
        metainfo=dict(CLASSES=_base_.mot_classes),
        proposal_file='proposals/val.proposals',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
