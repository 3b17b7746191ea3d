# Of the ablation: people alone, nodes without features, as published.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
model = dict(hierarchy=dict(scene_alignment=None, zero_nodes=True))
