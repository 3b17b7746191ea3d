# VSD-MOT on LQDanceTrack and DanceTrack 2:1 (tables I and II): with fusion by the quality of the
# frame (DSWR).
_base_ = './dcsd_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(
    semantics=dict(quality=dict(type='FrameQuality'), fusion=dict(_delete_=True, type='DSWR'))
)
