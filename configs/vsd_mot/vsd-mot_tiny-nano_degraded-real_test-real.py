# VSD-MOT for real people in bad video, on a laptop: the tiny decoder on a YOLOX-nano that has seen
# degraded frames, student and DSWR, and a lifecycle in which detector, motion and queries agree.
# What it is and what it gives: docs/real_people.md.
_base_ = [
    '../_base_/models/motrv2_tiny_nano.py',
    '../_base_/detectors/yolox_nano.py',
    '../_base_/lifecycles/hybrid.py',
    '../_base_/datasets/mot_challenge.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
detector_weights = _base_.detector_weights
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(
            type='StudentEncoder',
            embed_dims=_base_.embed_dims,
            hidden_dims=64,
            feedforward_dims=256,
        ),
        quality=dict(type='FrameQuality'),
        fusion=dict(type='DSWR'),
    ),
    propagation=dict(random_drop=0.2, fp_ratio=0.2),
    denoising=dict(groups=1),
    lifecycle=dict(_base_.hybrid_lifecycle, _delete_=True, remember_score=0.5, decoder_share=0.7),
    detector=dict(type='SharedDetector', detector=_base_.detector, checkpoint=detector_weights),
)
test_pipeline = [
    *_base_.load_frame,
    dict(type='ResizeToMultiple', scale=(640, 384)),
    _base_.pack_clip,
]
# Proposals are the detector's, in the loop.
val_dataloader = dict(dataset=dict(proposal_file=None, pipeline=test_pipeline))
test_dataloader = val_dataloader
