# An HQTrack that a laptop's CPU trains: narrow, one layer at 1/16, pictures of 224 rows.
_base_ = './hqtrack_intern-t.py'
model = dict(
    vmos=dict(
        encoder=dict(
            depths=(1, 1, 2, 1), channels=(16, 32, 64, 64), groups=(1, 2, 4, 8), drop_path=0.0
        ),
        identity_bank=dict(coarse_channels=64, fine_channels=32),
        propagation=dict(
            channels=64,
            fine_channels=32,
            finest_channels=16,
            num_layers=1,
            window=7,
            drop_path=0.0,
        ),
        head=dict(channels=32),
    ),
    short_edge=224,
    long_edge=640,
)
