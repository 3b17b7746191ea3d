# MOT17 and MOT20 with CrowdHuman val. Five sequences of MOT17 and two of MOT20 train, the others
# validate; the papers do not say which, here the last of each set validate:
#     python tools/dataset_converters/mot2coco.py data/MOT17/train data/MOT20/train --root data \
#         -o data/MOT/annotations --val-sequences MOT17-11 MOT17-13 MOT20-03 MOT20-05
#     python tools/dataset_converters/crowdhuman2coco.py data/crowdhuman
_base_ = ['./mot_challenge.py']
data_root = 'data/'
clips = dict(
    type='MOTClipDataset',
    data_prefix=dict(img_path=''),
    clip_length=5,
    max_step=10,
    pipeline=_base_.train_pipeline,
)
mot = dict(
    **clips,
    data_root=data_root,
    ann_file='MOT/annotations/train.json',
    proposal_file='MOT/proposals/train.proposals',
)
crowdhuman = dict(
    **clips,
    data_root='data/crowdhuman/',
    ann_file='annotations/crowdhuman_val.json',
    proposal_file='proposals/crowdhuman_val.proposals',
    load_as_video=False,
)
train_dataloader = dict(
    dataset=dict(_delete_=True, type='ConcatDataset', datasets=[mot, crowdhuman])
)
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        ann_file='MOT/annotations/val.json',
        proposal_file='MOT/proposals/val.proposals',
    )
)
test_dataloader = val_dataloader
# One benchmark's rules for both sets. MOT20's own differ in one class: it takes vehicles without
# motor for distractors too.
val_evaluator = dict(benchmark='MOT17')
test_evaluator = val_evaluator
