# Without VSFM: the adapted semantics and the contents are mixed half and half.
_base_ = './vse-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(semantics=dict(fusion=dict(_delete_=True, type='FixedFusion', weight=0.5)))
