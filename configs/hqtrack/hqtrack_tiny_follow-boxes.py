# The tiny HQTrack gives the tracks of any tracker their masks, on a CPU, without a refiner:
#     python tools/demo.py VIDEO CONFIG CHECKPOINT --masks hqtrack_tiny_follow-boxes WEIGHTS
_base_ = ['../_base_/models/hqtrack_tiny.py', '../_base_/default_runtime.py']
model = dict(
    memory=dict(long_gap=10, short_lag=1),
    objects=dict(type='TrackedBoxes', patience=20, birth_gap=3),
)
