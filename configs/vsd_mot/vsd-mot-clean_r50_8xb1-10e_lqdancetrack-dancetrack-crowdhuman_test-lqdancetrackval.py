# The teacher sees the clean original of a degraded frame, as it is stored, and its features are
# computed once: by the first epoch, or before it by
#     python tools/dataset_converters/cache_teacher.py THIS_CONFIG --workers 4
_base_ = './vsd-mot_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(semantics=dict(distillation=dict(store='data/teacher_features')))
train_dataloader = _base_.train_dataloader
mixed, *crowdhuman = train_dataloader['dataset']['datasets']
view = dict(type='LoadTeacherView', view='clean', clean_roots={_base_.lq_root: _base_.data_root})
for source in [*mixed['datasets'], *crowdhuman]:
    source['pipeline'][0]['transforms'].append(view)
del mixed, crowdhuman, source
