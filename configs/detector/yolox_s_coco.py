# YOLOX-s of COCO, all its 80 classes: MMDetection's published weights make proposals for real video
# without training (see README.md). Class 0, which is kept, is person.
_base_ = './yolox_nano_coco-person.py'
model = dict(
    backbone=dict(widen_factor=0.5, use_depthwise=False),
    neck=dict(in_channels=[128, 256, 512], out_channels=128, use_depthwise=False),
    bbox_head=dict(num_classes=80, in_channels=128, feat_channels=128, use_depthwise=False),
)
