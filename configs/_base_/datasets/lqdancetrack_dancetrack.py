# LQDanceTrack and DanceTrack 2:1, with CrowdHuman (train and val); tests on LQDanceTrack:
#     python tools/dataset_converters/make_lq.py data/DanceTrack data/LQDanceTrack \
#         --recipe lqdancetrack
#     python tools/dataset_converters/mot2coco.py data/LQDanceTrack
# For the undegraded set: --cfg-options test_dataloader.dataset.data_root=data/DanceTrack/
_base_ = ['./dancetrack.py']
lq_root = 'data/LQDanceTrack/'
low_quality = dict(
    **_base_.clips,
    data_root=lq_root,
    ann_file='annotations/train.json',
    proposal_file='proposals/train.proposals',
)
mixed = dict(type='MixedClipDataset', datasets=[low_quality, _base_.dancetrack], ratio=[2, 1])
train_dataloader = dict(dataset=dict(datasets=[mixed, *_base_.crowdhuman]))
val_dataloader = dict(dataset=dict(data_root=lq_root))
test_dataloader = val_dataloader
