# Pipelines of clips. A data set config names this file in its `_base_` and takes
# `train_pipeline` and `test_pipeline` from it:
#
#     _base_ = ['./pipelines.py']
#     train_dataloader = dict(
#         batch_size=1, num_workers=4, persistent_workers=True,
#         sampler=dict(type='DefaultSampler', shuffle=True),
#         dataset=dict(
#             type='MOTClipDataset', data_root=data_root,
#             ann_file='annotations/train.json', data_prefix=dict(img_path=''),
#             metainfo=dict(CLASSES=('pedestrian', )),
#             clip_length=5, max_step=10,
#             proposal_file='proposals/train.proposals',   # leave out: proposals made in the loop
#             pipeline={{_base_.train_pipeline}}))
#     val_dataloader = dict(
#         batch_size=1, num_workers=2, persistent_workers=True, drop_last=False,
#         sampler=dict(type='VideoSampler'),
#         dataset=dict(
#             type='MOTClipDataset', test_mode=True, ..., pipeline={{_base_.test_pipeline}}))
#
# Nothing loads proposals in the pipeline: the data set puts them in, where it has a proposal_file.
# Still images (load_as_video=False) go through the same pipeline: RandomShiftClip moves them, and
# leaves videos alone. Clip-wise transforms that work on pixels only (degradation) stand between the
# two broadcasters.

_base_ = './clip_steps.py'

# Shorter side 608, 640, ..., 992; longer side at most 1536; Pillow's filter, as published.
_random_resize = dict(
    type='RandomChoiceResize',
    scales=[(1536, side) for side in range(608, 993, 32)],
    resize_type='ShortSideResize',
    rule='detr',
    backend='pillow',
)

train_pipeline = [
    _base_.load_clip,
    dict(type='RandomShiftClip', max_shift=50),
    dict(
        type='ClipBroadcaster',
        share_random_params=True,
        transforms=[
            _base_.flip_clip,
            dict(
                type='RandomChoice',
                transforms=[
                    [_random_resize],
                    [
                        dict(
                            type='RandomChoiceResize',
                            scales=[800, 1000, 1200],
                            resize_type='ShortSideResize',
                            rule='detr',
                            backend='pillow',
                        ),
                        dict(type='ClipRandomCrop', crop_size=(800, 1200)),
                        _random_resize,
                    ],
                ],
            ),
            _base_.vary_colours,
        ],
    ),
    _base_.pack_clip,
]

# Shorter side 800, longer side at most 1536, truncated to integers and resized by OpenCV, as
# published.
test_pipeline = [
    *_base_.load_frame,
    dict(type='ShortSideResize', scale=(1536, 800), rule='truncate'),
    _base_.pack_clip,
]
