# Steps that the pipelines of all clips share.
load_frame = [
    dict(type='LoadFrame'),
    dict(type='LoadTrackAnnotations', with_instance_id=True),
]
load_clip = dict(type='ClipBroadcaster', transforms=load_frame)
flip_clip = dict(type='ClipRandomFlip', prob=0.5)
vary_colours = dict(
    type='mmdet.YOLOXHSVRandomAug', hue_delta=5, saturation_delta=30, value_delta=30
)
pack_clip = dict(type='PackClipInputs')
