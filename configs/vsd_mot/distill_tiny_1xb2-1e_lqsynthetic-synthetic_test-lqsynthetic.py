# Table V on a laptop, second rung: plain distillation, fused at a fixed ratio. The teacher is an
# ImageNet ResNet-50, not CLIP: it is small enough, and its weights are easier to come by. It sees
# the clean original of a frame, and its features are computed once, in the first epoch or by
#     python tools/dataset_converters/cache_teacher.py THIS_CONFIG --workers 2
_base_ = [
    './motrv2_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    '../_base_/models/resnet50_encoder.py',
]
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(
            type='StudentEncoder',
            embed_dims=_base_.embed_dims,
            hidden_dims=64,
            feedforward_dims=256,
        ),
        fusion=dict(type='FixedFusion', weight=0.5),
        distillation=dict(
            teacher=_base_.image_encoder,
            loss=dict(type='CLIPDistillLoss', embed_dims=_base_.embed_dims, teacher_dims=2048),
            alpha=0.4,
            store='data/teacher_features',
        ),
    )
)
view = dict(
    type='LoadTeacherView',
    view='clean',
    clean_roots={_base_.lq_root: _base_.data_root},
)
load_clip = {**_base_.load_clip, 'transforms': [*_base_.load_clip.transforms, view]}
pipeline = [load_clip, _base_.augment_clip, _base_.pack_clip]
sources = [{**source, 'pipeline': pipeline} for source in _base_.sources]
train_dataloader = dict(dataset=dict(datasets=sources))
