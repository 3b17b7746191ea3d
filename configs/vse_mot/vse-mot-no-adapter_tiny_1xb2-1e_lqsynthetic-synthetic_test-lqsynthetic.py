# Without the MOT-Adapter.
_base_ = './vse-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(semantics=dict(adapter=None))
