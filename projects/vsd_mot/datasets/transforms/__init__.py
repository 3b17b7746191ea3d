"""Transforms of clips: loading, the published geometry, stills to clips, packing."""

from .geometry import ClipRandomCrop, ClipRandomFlip, ShortSideResize, short_side_size
from .loading import LoadFrame
from .packing import PackClipInputs
from .random_shift import RandomShiftClip

__all__ = [
    'ClipRandomCrop',
    'ClipRandomFlip',
    'LoadFrame',
    'PackClipInputs',
    'RandomShiftClip',
    'ShortSideResize',
    'short_side_size',
]
