# Table V, third rung: Dual-Constraint Semantic Distillation in place of the plain one.
_base_ = './clip-distill_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
model = dict(semantics=dict(distillation=dict(loss=dict(type='DCSDLoss'))))
