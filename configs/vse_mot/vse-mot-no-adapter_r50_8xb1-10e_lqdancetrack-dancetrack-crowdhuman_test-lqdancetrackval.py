# Without the MOT-Adapter.
_base_ = './vse-mot_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(semantics=dict(adapter=None))
