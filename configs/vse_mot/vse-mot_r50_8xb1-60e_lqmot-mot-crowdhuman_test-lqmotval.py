# VSE-MOT on LQMOT and MOT 2:1, CrowdHuman; as long as the baseline on this mix.
_base_ = '../motrv2/motrv2_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(type='CLIPBranch', encoder=dict(type='CLIPEncoder')),
        adapter=dict(type='MOTAdapter'),
        fusion=dict(type='VSFM'),
    )
)
