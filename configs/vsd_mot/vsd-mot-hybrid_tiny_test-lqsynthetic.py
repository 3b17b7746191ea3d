# The tiny VSD-MOT with a lifecycle in which detector, motion and queries agree; the weights are the
# same. Thresholds were searched on real sequences, remember_score on synthetic ones of seed 1.
_base_ = './vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(
    lifecycle=dict(
        _delete_=True,
        type='HybridLifecycle',
        high_score=0.42,
        low_score=0.17,
        high_similarity=0.2,
        low_similarity=0.15,
        birth_score=0.53,
        smoothing=0.25,
        remember_score=0.6,
        remember_frames=10,
        coast=3,
        retain=20,
        tentative=4,
        duplicate_iou=0.44,
        min_area=0,
        motion=dict(position_noise=0.087, velocity_noise=0.012),
    )
)
