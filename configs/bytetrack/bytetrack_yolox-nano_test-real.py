# MMTracking's ByteTrack for real people in bad video, with the shipped detector.
_base_ = './bytetrack_yolox-nano_test-own-data.py'
detector_weights = '{{ fileDirname }}/../../demo/yolox_nano_degraded-person.pth'
model = dict(detector=dict(init_cfg=dict(checkpoint=detector_weights)))
pipeline = [
    dict(type='LoadFrame'),
    # As for VSD-MOT on real people: the same boxes.
    dict(type='ResizeToMultiple', scale=(640, 384)),
    dict(type='PackTrackInputs', pack_single_img=True),
]
val_dataloader = dict(dataset=dict(pipeline=pipeline))
test_dataloader = val_dataloader
