# VSD-MOT on LQMOT and MOT 2:1; table V, fourth rung: fusion by the quality of the frame (DSWR).
_base_ = './dcsd_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
model = dict(
    semantics=dict(quality=dict(type='FrameQuality'), fusion=dict(_delete_=True, type='DSWR'))
)
