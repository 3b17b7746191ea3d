# VSE-MOT on LQDanceTrack and DanceTrack 2:1, CrowdHuman; drops after 4 and 8 epochs as published.
_base_ = '../motrv2/motrv2_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(type='CLIPBranch', encoder=dict(type='CLIPEncoder')),
        adapter=dict(type='MOTAdapter'),
        fusion=dict(type='VSFM'),
    )
)
param_scheduler = [dict(type='MultiStepLR', by_epoch=True, milestones=[4, 8], gamma=0.1)]
