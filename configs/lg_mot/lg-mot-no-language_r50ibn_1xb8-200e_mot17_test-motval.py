# The baseline: without language and, as SUSHI, without node features.
_base_ = './lg-mot_r50ibn_1xb8-200e_mot17_test-motval.py'
model = dict(hierarchy=dict(instance_alignment=None, scene_alignment=None, zero_nodes=True))
train_dataloader = dict(dataset=dict(description_file=None))
