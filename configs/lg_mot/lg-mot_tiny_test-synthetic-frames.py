# The tiny LG-MOT with its detector and encoder in the loop, for frames that nothing is stored of:
# what the robustness benchmark corrupts.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
train_dataloader = None
train_cfg = None
optim_wrapper = None
param_scheduler = None
val_dataloader = dict(
    _delete_=True,
    batch_size=1,
    num_workers=1,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='VideoSampler'),
    dataset=dict(
        type='MOTClipDataset',
        data_root=_base_.data_root,
        ann_file='annotations/val.json',
        data_prefix=dict(img_path=''),
        metainfo=dict(CLASSES=_base_.mot_classes),
        proposal_file=None,
        test_mode=True,
        pipeline=[
            dict(type='LoadFrame'),
            dict(type='LoadTrackAnnotations', with_instance_id=True),
            dict(type='PackClipInputs', meta_keys=('mot_frame_id',)),
        ],
    ),
)
test_dataloader = val_dataloader
