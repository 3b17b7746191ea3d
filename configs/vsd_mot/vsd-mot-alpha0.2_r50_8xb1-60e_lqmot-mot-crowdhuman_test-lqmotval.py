# Table VII: alpha 0.2 in the total loss.
_base_ = './vsd-mot_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
model = dict(semantics=dict(distillation=dict(alpha=0.2)))
