# ByteTrack of the package trackers, beside MMTracking's in configs/bytetrack.
_base_ = '../ocsort/ocsort_yolox-tiny_test-synthetic.py'
model = dict(tracker=dict(name='bytetrack', track_activation_threshold=0.7))
