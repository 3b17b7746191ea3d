# The ladder's first rung with the lifecycle of vsd-mot-hybrid_tiny_test-lqsynthetic.py: what the
# semantics of VSD-MOT add to it. It has no weights of its own; those are the rung's.
_base_ = [
    './motrv2_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    '../_base_/lifecycles/hybrid.py',
]
model = dict(
    lifecycle=dict(_base_.hybrid_lifecycle, _delete_=True, remember_score=0.6, coast=3, min_area=0)
)
