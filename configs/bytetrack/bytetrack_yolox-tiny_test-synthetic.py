# MMTracking's ByteTrack on the synthetic set, with the detector that makes the tiny MOTRv2's
# proposals. Nothing is trained: detector_weights come from configs/detector.
_base_ = [
    '../_base_/detectors/yolox_tiny_synthetic.py',
    '../_base_/datasets/synthetic.py',
    '../_base_/default_runtime.py',
]
detector_weights = '{{ fileDirname }}/../../demo/yolox_tiny_synthetic.pth'
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
    dict(type='mmdet.Resize', scale=(384, 224), keep_ratio=True),
    dict(type='PackTrackInputs', pack_single_img=True),
]
train_dataloader = None
val_dataloader = dict(dataset=dict(proposal_file=None, pipeline=pipeline))
test_dataloader = val_dataloader
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
