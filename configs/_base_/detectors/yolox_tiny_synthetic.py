# 0.1875 of YOLOX's widths: 1.3 M parameters, for the synthetic set's 384 x 224 on a laptop.
_base_ = './yolox.py'
detector = dict(
    backbone=dict(widen_factor=0.1875),
    neck=dict(in_channels=[48, 96, 192], out_channels=48),
    bbox_head=dict(in_channels=48, feat_channels=48),
)
