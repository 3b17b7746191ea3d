# Of the ablation: scenes alone, nodes without features.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
model = dict(hierarchy=dict(instance_alignment=None, zero_nodes=True))
