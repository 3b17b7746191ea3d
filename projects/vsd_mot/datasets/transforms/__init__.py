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
from .teacher_view import LoadTeacherView, image_key

__all__ = [
    'ClipRandomChoice',
    'ClipRandomCrop',
    'ClipRandomFlip',
    'LoadFrame',
    'LoadTeacherView',
    'PackClipInputs',
    'RandomShiftClip',
    'ShortSideResize',
    'image_key',
    'short_side_size',
]
