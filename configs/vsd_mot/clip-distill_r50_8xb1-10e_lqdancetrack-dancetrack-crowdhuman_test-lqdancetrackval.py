# Table V, second rung: the baseline and plain CLIP distillation, fused at a fixed ratio.
_base_ = '../motrv2/motrv2_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(type='StudentEncoder'),
        fusion=dict(type='FixedFusion', weight=0.5),
        distillation=dict(
            teacher=dict(type='CLIPEncoder', model='RN50', pretrained='openai'),
            loss=dict(type='CLIPDistillLoss'),
            alpha=0.4,
        ),
    )
)
