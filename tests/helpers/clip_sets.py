"""Data sets of clips from small annotated sets."""

from vsd_mot.datasets import MOTClipDataset

LOAD = dict(
    type='ClipBroadcaster',
    transforms=[dict(type='LoadFrame'), dict(type='LoadTrackAnnotations', with_instance_id=True)],
)


PACK = dict(type='PackClipInputs')


def clips(root, pipeline=(LOAD, PACK), **kwargs):
    return MOTClipDataset(
        data_root=str(root),
        ann_file='annotations/train.json',
        data_prefix=dict(img_path='train'),
        pipeline=list(pipeline),
        **kwargs,
    )
