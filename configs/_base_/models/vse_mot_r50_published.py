# The published layout, for published checkpoints: batch norms in adapter and VSFM, CLIP sees the
# centre of the frame, and its weights come with the checkpoint.
_base_ = './vse_mot_r50.py'
norm = 'published'
model = dict(
    semantics=dict(
        source=dict(encoder=dict(pretrained=None, resize='center_crop')),
        adapter=dict(norm=norm),
        fusion=dict(norm=norm),
    )
)
