# Table V on a laptop, fourth rung: VSD-MOT, with fusion by the quality of the frame (DSWR).
_base_ = './dcsd_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(
    semantics=dict(quality=dict(type='FrameQuality'), fusion=dict(_delete_=True, type='DSWR'))
)
