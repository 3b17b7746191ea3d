# VSE-MOT: MOTRv2 with CLIP's embedding of the frame, MOT-Adapter and VSFM; 45.0 M parameters and
# CLIP's 38.3 M. Without the adapter: --cfg-options model.semantics.adapter=None. Without VSFM:
# model.semantics.fusion.type=FixedFusion.
_base_ = './motrv2_r50.py'
model = dict(
    semantics=dict(
        type='SemanticBranch',
        source=dict(type='CLIPBranch', encoder=dict(type='CLIPEncoder')),
        adapter=dict(type='MOTAdapter'),
        fusion=dict(type='VSFM'),
    )
)
