# DanceTrack, with the flags of SUSHI's command: more weight for motion, gaps left open. Which ones
# gave LG-MOT's numbers is not known.
_base_ = './lg-mot_r50ibn_1xb8-200e_mot17_test-motval.py'
data_root = 'data/DanceTrack/'
_levels = _base_.model.hierarchy.levels
for _level in _levels[1:]:
    _level.pruning.motion_weight = 0.1
model = dict(hierarchy=dict(levels=_levels), finishing=dict(interpolate=False))
train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = val_dataloader
val_evaluator = dict(benchmark='DanceTrack')
test_evaluator = val_evaluator
