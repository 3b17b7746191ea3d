# As the published command computes: nodes without features, whole pixels, its rules of ISG.
_base_ = './lg-mot_r50ibn_1xb8-200e_mot17_test-motval.py'
model = dict(published=True)
