# LG-MOT as the paper draws it: node features on, ISG and SPG. The variants switch parts off.
_windows = (5, 25, 75, 150)
# Text features are compared with hidden node vectors of 128 numbers, and edge vectors of 16.
_network = dict(type='EdgeMessagePassing', node_features=2048, node_hidden=128, edge_dims=16)
_pruning = dict(type='MotionAppearancePruning', neighbours=10, motion_weight=0.05, scale=20.0)
model = dict(
    type='GraphTracker',
    data_preprocessor=dict(type='DetectionDataPreprocessor'),
    published=False,
    min_score=0.65,
    hierarchy=dict(
        type='GraphHierarchy',
        levels=[
            dict(
                type='GraphConstruction',
                window=_windows[0],
                pruning=dict(type='GeometryPruning', neighbours=10),
            ),
            *[
                dict(
                    type='GraphConstruction',
                    window=window,
                    pruning=_pruning,
                    motion=dict(type='ConstantVelocity', length=below, horizon=below),
                )
                for below, window in ((5, 25), (25, 75), (75, 150))
            ],
        ],
        networks=[_network, _network],
        network_of_level=(0, 1, 1, 1),
        rounding=dict(type='ExactRounding'),
        edge_loss=dict(type='FocalEdgeLoss', gamma=1.0),
        # ISG
        instance_alignment=dict(type='TextAlignment', levels=(0,), loss_weight=1.0),
        # SPG
        scene_alignment=dict(type='TextAlignment', levels=(0, 1, 2, 3), loss_weight=1.0),
    ),
    stitcher=dict(type='ClipStitcher', length=150, overlap=0.5),
    finishing=dict(type='TrackFinishing', min_length=2, interpolate=True),
    appearance=dict(type='ReIDResNetIBN', checkpoint='checkpoints/msmt_bot_R50-ibn.pth'),
)
