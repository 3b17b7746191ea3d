# A mixture: CLIP branch and MOT-Adapter, fused by the quality of the frame as in VSD-MOT.
_base_ = './vse-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(
    semantics=dict(quality=dict(type='FrameQuality'), fusion=dict(_delete_=True, type='DSWR'))
)
