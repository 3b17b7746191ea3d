# An eighth of YOLOX's widths: 0.9 M parameters, for the synthetic set's 384 x 224 on a laptop.
_base_ = './yolox.py'
detector = dict(
    backbone=dict(widen_factor=0.125),
    neck=dict(in_channels=[32, 64, 128], out_channels=32),
    bbox_head=dict(in_channels=32, feat_channels=32),
)
