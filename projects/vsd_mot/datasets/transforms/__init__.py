"""Transforms of clips: loading, the published geometry, stills to clips, packing."""

from .geometry import (
    ClipRandomChoice,
    ClipRandomCrop,
    ClipRandomFlip,
    ShortSideResize,
    short_side_size,
)
from .loading import LoadFrame
from .packing import PackClipInputs
from .random_shift import RandomShiftClip

__all__ = [
    'ClipRandomChoice',
    'ClipRandomCrop',
    'ClipRandomFlip',
    'LoadFrame',
    'PackClipInputs',
    'RandomShiftClip',
    'ShortSideResize',
    'short_side_size',
]
