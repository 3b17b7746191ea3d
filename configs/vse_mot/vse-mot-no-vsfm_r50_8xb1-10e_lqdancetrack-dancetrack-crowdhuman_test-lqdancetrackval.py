# Without VSFM: the adapted semantics and the contents are mixed half and half.
_base_ = './vse-mot_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(semantics=dict(fusion=dict(_delete_=True, type='FixedFusion', weight=0.5)))
