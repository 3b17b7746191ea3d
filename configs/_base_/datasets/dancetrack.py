# DanceTrack with CrowdHuman (train and val), MOTRv2's training data:
#     python tools/dataset_converters/mot2coco.py data/DanceTrack
#     python tools/dataset_converters/crowdhuman2coco.py data/crowdhuman
_base_ = ['./mot_challenge.py']
data_root = 'data/DanceTrack/'
clips = dict(
    type='MOTClipDataset',
    data_prefix=dict(img_path=''),
    clip_length=5,
    max_step=10,
    pipeline=_base_.train_pipeline,
)
dancetrack = dict(
    **clips,
    data_root=data_root,
    ann_file='annotations/train.json',
    proposal_file='proposals/train.proposals',
)
crowdhuman = [
    dict(
        **clips,
        data_root='data/crowdhuman/',
        ann_file=f'annotations/crowdhuman_{subset}.json',
        proposal_file=f'proposals/crowdhuman_{subset}.proposals',
        load_as_video=False,
    )
    for subset in ('train', 'val')
]
train_dataloader = dict(
    dataset=dict(_delete_=True, type='ConcatDataset', datasets=[dancetrack, *crowdhuman])
)
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = val_dataloader
val_evaluator = dict(benchmark='DanceTrack')
test_evaluator = val_evaluator
