# HQTrack that gives the tracks of any tracker their masks, for a picture of 480 rows a GPU's work:
#     python tools/demo.py VIDEO CONFIG CHECKPOINT --masks hqtrack_intern-t_follow-boxes hqtrack.pth
# On a CPU add to the config: model = dict(short_edge=240, long_edge=433). Without HQ-SAM
# (the extra [masks]) leave `refinement` out: first masks are then ellipses in the boxes.
_base_ = ['../_base_/models/hqtrack_intern-t.py', '../_base_/default_runtime.py']
model = dict(
    objects=dict(type='TrackedBoxes', patience=30, birth_gap=5),
    refinement=dict(
        type='MaskRefinement',
        refiner=dict(
            type='HQSAM',
            variant='vit_h',
            checkpoint='checkpoints/sam_hq_vit_h.pth',
            device='cuda:0',
        ),
        selector=dict(type='IoUSelector', threshold=0.1),
    ),
)
