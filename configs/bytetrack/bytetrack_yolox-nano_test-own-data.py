# MMTracking's ByteTrack on own data in MOTChallenge layout, with a YOLOX-nano for people.
_base_ = [
    '../_base_/detectors/yolox_nano.py',
    '../_base_/datasets/mot_challenge.py',
    '../_base_/default_runtime.py',
]
detector_weights = 'checkpoints/yolox_nano_person.pth'
detector = _base_.detector
# The tracker's preprocessor does the detector's work.
detector.pop('data_preprocessor')
detector.init_cfg = dict(type='Pretrained', checkpoint=detector_weights)
model = dict(
    type='ByteTrack',
    data_preprocessor=dict(type='TrackDataPreprocessor', pad_size_divisor=32, pad_value=114),
    detector=detector,
    motion=dict(type='KalmanFilter'),
    # As published.
    tracker=dict(
        type='ByteTracker',
        obj_score_thrs=dict(high=0.6, low=0.1),
        init_track_thr=0.7,
        weight_iou_with_det_scores=True,
        match_iou_thrs=dict(high=0.1, low=0.5, tentative=0.3),
        num_frames_retain=30,
    ),
)
pipeline = [
    dict(type='LoadFrame'),
    dict(type='mmdet.Resize', scale=(960, 544), keep_ratio=True),
    dict(type='PackTrackInputs', pack_single_img=True),
]
train_dataloader = None
val_dataloader = dict(dataset=dict(proposal_file=None, pipeline=pipeline))
test_dataloader = val_dataloader
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
