# VSE-MOT on LQDanceTrack and DanceTrack 2:1, CrowdHuman; drops after 4 and 8 epochs as published.
_base_ = [
    '../_base_/models/vse_mot_r50.py',
    '../_base_/datasets/lqdancetrack_dancetrack.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
train_cfg = dict(max_epochs=10)
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[4, 8], gamma=0.1)]
load_from = 'checkpoints/deformable-detr-refine_r50_coco_motrv2.pth'
