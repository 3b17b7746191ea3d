# MOTRv2 on DanceTrack as published: 5 epochs, a tenth of the learning rate in the last one.
_base_ = [
    '../_base_/models/motrv2_r50.py',
    '../_base_/datasets/dancetrack.py',
    '../_base_/schedules/motrv2_adamw.py',
    '../_base_/default_runtime.py',
]
train_cfg = dict(max_epochs=5)
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[4], gamma=0.1)]
# Deformable DETR with box refinement on COCO, by tools/model_converters/deformable_detr.py.
load_from = 'checkpoints/deformable-detr-refine_r50_coco_motrv2.pth'
