# Of the ablation: people alone, with node features, so that ISG reaches what sees the people.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
model = dict(hierarchy=dict(scene_alignment=None))
