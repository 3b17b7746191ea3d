# Without language: what SUSHI would be with four levels.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
model = dict(hierarchy=dict(instance_alignment=None, scene_alignment=None, zero_nodes=True))
train_dataloader = dict(dataset=dict(description_file=None))
