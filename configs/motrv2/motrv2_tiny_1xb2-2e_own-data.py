# The tiny MOTRv2 on own data in MOTChallenge layout (data/own), with YOLOX-nano: its weights make
# the proposals and start the backbone; everything else starts from the run on the synthetic set.
# What it gave on MOT17 stands in the README of this folder.
_base_ = [
    '../_base_/models/motrv2_tiny.py',
    '../_base_/datasets/mot_challenge.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
detector_weights = 'checkpoints/yolox_nano_person.pth'
tracker_weights = 'demo/motrv2_tiny_synthetic.pth'


def _start(part):
    return dict(init_cfg=dict(type='Pretrained', checkpoint=tracker_weights, prefix=f'{part}.'))


model = dict(
    backbone=dict(
        widen_factor=0.25,
        use_depthwise=True,
        init_cfg=dict(type='Pretrained', checkpoint=detector_weights, prefix='backbone.'),
    ),
    neck=dict(in_channels=[64, 128, 256]),
    **{
        part: _start(part)
        for part in ('encoder', 'decoder', 'head', 'detection_queries', 'propagation', 'denoising')
    },
)
