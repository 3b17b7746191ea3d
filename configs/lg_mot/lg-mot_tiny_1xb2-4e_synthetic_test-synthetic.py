# LG-MOT on the synthetic set, for a laptop: clothes' colours for appearance, since no encoder was
# trained on it, and the tiny YOLOX's proposals.
_base_ = [
    '../_base_/models/lg_mot.py',
    '../_base_/detectors/yolox_tiny_synthetic.py',
    '../_base_/datasets/track_clips.py',
    '../_base_/schedules/lg_mot_adam.py',
]
data_root = 'data/synthetic/'
detector_weights = '{{ fileDirname }}/../../demo/yolox_tiny_synthetic.pth'
_networks = _base_.model.hierarchy.networks
for _network in _networks:
    _network.node_features = 24
    # A third of the published steps, half of the neighbours below: a sixth of the time.
    _network.steps = 4
_levels = _base_.model.hierarchy.levels
for _level in _levels:
    _level.pruning.neighbours = 5
    if 'motion' in _level:
        # People of a scene dress alike: where they are heading tells more than their clothes.
        _level.pruning.motion_weight = 0.5
        _level.pruning.scale = 1.0
model = dict(
    frame_rate=10.0,
    min_score=0.5,
    hierarchy=dict(levels=_levels, networks=_networks),
    appearance=dict(_delete_=True, type='ColourStripes', stripes=8),
    # For videos without stored detections: the demo, the robustness benchmark.
    detector=dict(
        type='ProposalDetector',
        detector=_base_.detector,
        checkpoint=detector_weights,
        input_scale=(384, 224),
    ),
)
# The sequences have 60 frames: shorter clips, more of them.
train_dataloader = dict(
    batch_size=2,
    num_workers=0,
    persistent_workers=False,
    dataset=dict(data_root=data_root, min_score=0.5, clip_frames=40, clip_stride=5),
)
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = val_dataloader
optim_wrapper = dict(optimizer=dict(lr=5e-3))
custom_hooks = [
    dict(type='CheckpointFitHook'),
    dict(type='UnlockLevelsHook', every=40),
]
train_cfg = dict(max_epochs=4, val_interval=4)
param_scheduler = [
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-5,
        by_epoch=True,
        begin=0,
        end=4,
        convert_to_iter_based=True,
    )
]
default_hooks = dict(checkpoint=dict(interval=1))
