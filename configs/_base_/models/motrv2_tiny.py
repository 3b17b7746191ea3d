# A MOTRv2 that a laptop's CPU trains: an eighth-width CSPDarknet, width 128, 2 + 3 layers.
# The backbone is the tiny detector's, and starts from its weights.
_base_ = './motrv2_r50.py'
embed_dims = 128
layers = dict(embed_dims=embed_dims, num_levels=3, feedforward_channels=256)
model = dict(
    size_divisor=2,
    # As the detector sees it: BGR, 0..255, not normalised.
    data_preprocessor=dict(mean=[0.0, 0.0, 0.0], std=[1.0, 1.0, 1.0], bgr_to_rgb=False),
    backbone=dict(
        _delete_=True,
        type='mmdet.CSPDarknet',
        deepen_factor=0.33,
        widen_factor=0.125,
        out_indices=(2, 3, 4),
        norm_eval=True,
    ),
    neck=dict(
        in_channels=[32, 64, 128],
        out_channels=embed_dims,
        norm_cfg=dict(type='GN', num_groups=8),
        num_outs=3,
    ),
    encoder=dict(num_layers=2, with_cp=False, **layers),
    detection_queries=dict(embed_dims=embed_dims, num_queries=10),
    decoder=dict(num_layers=3, **layers),
    head=dict(embed_dims=embed_dims, num_layers=3, initial_size_bias=0.0),
    propagation=dict(embed_dims=embed_dims, feedforward_channels=256),
    denoising=dict(embed_dims=embed_dims),
)
