# Own data, or any set, in MOTChallenge layout:
#     python tools/dataset_converters/mot2coco.py data/own --val-sequences NAME NAME
#     python tools/dataset_converters/make_proposals.py ...   (or proposal_file=None)
# For other places set train_dataloader.dataset.data_root and val_dataloader.dataset.data_root (and
# test_dataloader's), for other files their ann_file and proposal_file.
_base_ = ['./pipelines.py', './mot_evaluation.py']
data_root = 'data/own/'

train_dataloader = dict(
    batch_size=1,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='MOTClipDataset',
        data_root=data_root,
        ann_file='annotations/train.json',
        data_prefix=dict(img_path=''),
        proposal_file='proposals/train.proposals',
        clip_length=5,
        max_step=10,
        pipeline=_base_.train_pipeline,
    ),
)
# MOTChallengeMetrics loses what follows a video's last frame in a batch: one frame at a time.
val_dataloader = dict(
    batch_size=1,
    num_workers=2,
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
        pipeline=_base_.test_pipeline,
    ),
)
test_dataloader = val_dataloader
