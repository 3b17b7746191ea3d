# OC-SORT of the package trackers on own data, otherwise as ByteTrack there.
_base_ = '../bytetrack/bytetrack_yolox-nano_test-own-data.py'
model = dict(
    type='BoxTracker',
    motion=None,
    tracker=dict(_delete_=True, type='RoboflowTracker', name='ocsort', high_conf_det_threshold=0.6),
)
# Stored detections, where the data set has a proposal_file, are resized with the frame.
pipeline = [
    dict(type='LoadFrame'),
    dict(type='ShortSideResize', scale=(960, 544), rule='nearest'),
    dict(type='PackClipInputs'),
]
val_dataloader = dict(dataset=dict(pipeline=pipeline))
test_dataloader = val_dataloader
