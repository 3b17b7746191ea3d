# C-BIoU of the package trackers: boxes are widened before they are compared.
_base_ = '../ocsort/ocsort_yolox-tiny_test-synthetic.py'
model = dict(tracker=dict(name='cbiou', track_activation_threshold=0.7))
