# HQTrack (arXiv 2307.13974) as its published code has it: VMOS with an InternImage-T.
model = dict(
    type='HQTrack',
    vmos=dict(
        type='VMOS',
        encoder=dict(
            type='TruncatedInternImage',
            depths=(4, 4, 18, 4),
            channels=(64, 128, 256, 256),
            groups=(4, 8, 16, 32),
            drop_path=0.2,
        ),
        identity_bank=dict(
            type='IdentityBank', max_objects=10, coarse_channels=256, fine_channels=128
        ),
        propagation=dict(
            type='MultiScalePropagation',
            channels=256,
            fine_channels=128,
            finest_channels=64,
            num_layers=3,
            window=15,
            drop_path=0.1,
        ),
        head=dict(type='MaskHead', channels=128, max_objects=10),
    ),
    memory=dict(long_gap=50, long_frames=6, short_lag=4),
    max_objects_per_group=10,
)
