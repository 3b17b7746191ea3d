# The tiny MOTRv2 of the synthetic set goes on with own data in MOTChallenge layout (data/own), with
# proposals of a detector of your choice (tools/dataset_converters/make_proposals.py). What it gave
# on MOT17 stands in the README of this folder.
_base_ = './motrv2_tiny_2xb1-5e_synthetic_test-synthetic.py'
data_root = 'data/own/'
load_from = '{{ fileDirname }}/../../demo/motrv2_tiny_synthetic.pth'
model = dict(
    # Real people look otherwise: backbone and neck learn, too.
    frozen=(),
    # Proposals come from files; a bare video needs tools/demo.py --detector.
    detector=None,
    # In a clip of a crowd few people enter or leave, and neighbouring frames are alike: dropped
    # tracks teach that proposals answer for whom no track does, false ones that tracks end.
    propagation=dict(random_drop=0.4, fp_ratio=0.3),
    denoising=dict(groups=1),
    lifecycle=dict(miss_tolerance=5),
)

# Crops show people as large as those of another camera.
_resize = dict(
    type='RandomChoiceResize',
    scales=[288, 320, 352, 384, 416, 448],
    resize_type='ShortSideResize',
    rule='detr',
)
_augment = dict(
    type='ClipBroadcaster',
    share_random_params=True,
    transforms=[
        _base_.flip_clip,
        dict(
            type='RandomChoice',
            transforms=[
                [_resize],
                [
                    dict(type='ClipRandomCrop', crop_size=(0.5, 0.5), crop_type='relative_range'),
                    _resize,
                ],
            ],
        ),
        _base_.vary_colours,
    ],
)
train_pipeline = [_base_.load_clip, _augment, _base_.pack_clip]
test_pipeline = [
    *_base_.load_frame,
    dict(type='ShortSideResize', scale=384),
    _base_.pack_clip,
]
train_dataloader = dict(dataset=dict(data_root=data_root, max_step=5, pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(data_root=data_root, pipeline=test_pipeline))
test_dataloader = val_dataloader
optim_wrapper = dict(optimizer=dict(lr=5e-4))
train_cfg = dict(max_epochs=2)
param_scheduler = [_base_.warmup, {**_base_.cosine, 'end': 2}]
