# Table VI: undegraded data only, in an epoch of the same length.
_base_ = './vsd-mot_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
mixed = {**_base_.mixed, 'ratio': [0, 1]}
train_dataloader = dict(dataset=dict(datasets=[mixed, _base_.crowdhuman]))
