# VSE-MOT on LQMOT and MOT 2:1, CrowdHuman; as long as the baseline on this mix.
_base_ = [
    '../_base_/models/vse_mot_r50.py',
    '../_base_/datasets/lqmot_mot17_mot20.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
train_cfg = dict(max_epochs=60, val_interval=5)
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[40], gamma=0.1)]
load_from = 'checkpoints/deformable-detr-refine_r50_coco_motrv2.pth'
