# A mixture: VSD-MOT's distilled student, fused by MOT-Adapter and VSFM.
_base_ = '../vsd_mot/dcsd_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
maps = dict(embed_dims=_base_.embed_dims, map_rows=128)
model = dict(
    semantics=dict(
        adapter=dict(type='MOTAdapter', **maps),
        fusion=dict(_delete_=True, type='VSFM', aspp_channels=64, **maps),
    )
)
