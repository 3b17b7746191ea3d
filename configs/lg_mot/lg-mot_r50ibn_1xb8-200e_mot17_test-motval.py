# LG-MOT on MOT17, with node features as the paper draws it. The published command trains on all
# sequences of MOT17's train set; here the last ones validate, as in configs/motrv2.
_base_ = [
    '../_base_/models/lg_mot.py',
    '../_base_/datasets/track_clips.py',
    '../_base_/schedules/lg_mot_adam.py',
]
data_root = 'data/MOT17/'
train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = val_dataloader
