# The tiny VSD-MOT with a lifecycle in which detector, motion and queries agree; the weights are the
# same. remember_score was searched on synthetic sequences of seed 1.
_base_ = [
    './vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    '../_base_/lifecycles/hybrid.py',
]
model = dict(
    lifecycle=dict(_base_.hybrid_lifecycle, _delete_=True, remember_score=0.6, coast=3, min_area=0)
)
