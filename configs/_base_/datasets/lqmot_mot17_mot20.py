# LQMOT and MOT (MOT17 and MOT20) 2:1, with CrowdHuman val; tests on LQMOT:
#     python tools/dataset_converters/make_lq.py data data/LQMOT --recipe lqmot
#     python tools/dataset_converters/mot2coco.py data/LQMOT
# For the undegraded set: --cfg-options test_dataloader.dataset.data_root=data/
#     test_dataloader.dataset.ann_file=MOT/annotations/val.json
#     test_dataloader.dataset.proposal_file=MOT/proposals/val.proposals
_base_ = ['./mot17_mot20.py']
lq_root = 'data/LQMOT/'
low_quality = dict(
    **_base_.clips,
    data_root=lq_root,
    ann_file='annotations/train.json',
    proposal_file='proposals/train.proposals',
)
mixed = dict(type='MixedClipDataset', datasets=[low_quality, _base_.mot], ratio=[2, 1])
train_dataloader = dict(dataset=dict(datasets=[mixed, _base_.crowdhuman]))
val_dataloader = dict(
    dataset=dict(
        data_root=lq_root, ann_file='annotations/val.json', proposal_file='proposals/val.proposals'
    )
)
test_dataloader = val_dataloader
