# Table V on a laptop, third rung: Dual-Constraint Semantic Distillation.
_base_ = './distill_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py'
model = dict(semantics=dict(distillation=dict(loss=dict(type='DCSDLoss'))))
