# BoT-SORT of the package trackers, without appearance, with the motion of the camera taken out.
_base_ = '../ocsort/ocsort_yolox-tiny_test-synthetic.py'
model = dict(tracker=dict(name='botsort', camera_motion=True, track_activation_threshold=0.7))
