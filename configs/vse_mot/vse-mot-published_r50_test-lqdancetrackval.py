# For a published checkpoint, converted by tools/model_converters/vse_mot.py: batch norms in adapter
# and VSFM, CLIP sees the centre of the frame, and its weights come with the checkpoint.
_base_ = './vse-mot_r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval.py'
model = dict(
    semantics=dict(
        source=dict(encoder=dict(pretrained=None, resize='center_crop')),
        adapter=dict(norm='published'),
        fusion=dict(norm='published'),
    )
)
load_from = None
