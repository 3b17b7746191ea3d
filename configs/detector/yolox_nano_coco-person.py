# YOLOX-nano of COCO, reduced to the class person: a detector for real video without training. Its
# weights are the user's to bring (see README.md); any frame size goes, 960 x 544 is measured.
_base_ = [
    '../_base_/detectors/yolox_nano.py',
    '../_base_/detectors/runtime.py',
]
model = _base_.detector
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', scale=(960, 544), keep_ratio=True),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]
# For make_proposals.py, which brings the frames.
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_evaluator = None
