# As published: nodes without features, whole pixels, the published rules of ISG.
_base_ = './lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'
model = dict(published=True)
