# Stored detections with appearance, in MOTChallenge layout, for the offline family:
#     python tools/dataset_converters/mot2coco.py ROOT ...
#     python tools/dataset_converters/make_proposals.py ...
#     python tools/dataset_converters/make_appearance.py CONFIG --data-root ROOT --proposals ...
#     python tools/dataset_converters/encode_descriptions.py ROOT/train \
#         --out ROOT/descriptions/train.npz
# Without language: description_file=None, and no alignments in the model.
_base_ = ['./mot_evaluation.py']
data_root = 'data/own/'

_clips = dict(
    type='TrackClipDataset',
    data_root=data_root,
    data_prefix=dict(img_path=''),
    # All classes, since static people and reflections have identities of their own.
    metainfo=dict(CLASSES=_base_.mot_classes),
)
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        **_clips,
        ann_file='annotations/train.json',
        proposal_file='proposals/train.proposals',
        appearance_file='proposals/train.appearance',
        description_file='descriptions/train.npz',
        min_score=0.65,
        clip_frames=150,
        clip_stride=20,
        pipeline=[],
    ),
)
# A whole video at a time.
val_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        **_clips,
        ann_file='annotations/val.json',
        proposal_file='proposals/val.proposals',
        appearance_file='proposals/val.appearance',
        test_mode=True,
        # Not for stored detections: how the demo prepares the frames of a video.
        pipeline=[dict(type='LoadFrame'), dict(type='PackClipInputs')],
    ),
)
test_dataloader = val_dataloader
