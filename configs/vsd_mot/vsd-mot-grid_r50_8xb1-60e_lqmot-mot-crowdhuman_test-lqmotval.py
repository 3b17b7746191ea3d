# A teacher of 7 x 7 tokens, with which interpolation and attention of DCSD (equations 5 to 9) mean
# something, and a projection of it that cannot collapse.
_base_ = './vsd-mot_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
model = dict(
    semantics=dict(
        distillation=dict(teacher=dict(tokens='grid'), loss=dict(teacher_proj='orthogonal'))
    )
)
