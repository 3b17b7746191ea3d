# A MOTRv2 that two cores of a laptop's CPU train on the synthetic set:
#     torchrun --nproc_per_node=2 tools/train.py THIS_CONFIG --launcher pytorch --device cpu
# It stands on the tiny detector's backbone and neck, and the same detector makes proposals where no
# file brings them, so that a bare video can be tracked.
_base_ = [
    '../_base_/models/motrv2_tiny.py',
    '../_base_/detectors/yolox_tiny_synthetic.py',
    '../_base_/datasets/synthetic.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
model = dict(
    # Chosen among 2, 3, 5 and 10 on further sequences (README).
    lifecycle=dict(miss_tolerance=3),
    detector=dict(
        type='ProposalDetector',
        detector=_base_.detector,
        checkpoint=_base_.detector_weights,
        input_scale=(384, 224),
    ),
)
# A short training: the sampling points have to find their places at the pace of all else.
optim_wrapper = dict(
    optimizer=dict(lr=1e-3),
    paramwise_cfg=dict(custom_keys={'sampling_offsets': dict(lr_mult=1.0)}),
)
train_cfg = dict(max_epochs=5)
warmup = dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=100)
cosine = dict(
    type='CosineAnnealingLR',
    eta_min=1e-5,
    by_epoch=True,
    begin=0,
    end=5,
    convert_to_iter_based=True,
)
param_scheduler = [warmup, cosine]
