"""Transforms of clips: loading, the published geometry, stills to clips, packing."""

from .broadcast import ClipBroadcaster
from .corruption import CorruptFrame
from .degradation import RandomDegradation
from .geometry import ClipRandomCrop, ClipRandomFlip, ShortSideResize, short_side_size
from .loading import LoadFrame
from .multiple_resize import ResizeToMultiple
from .packing import PackClipInputs
from .profile import RandomProfile
from .random_shift import RandomShiftClip
from .teacher_view import LoadTeacherView, image_key

__all__ = [
    'ClipBroadcaster',
    'ClipRandomCrop',
    'ClipRandomFlip',
    'CorruptFrame',
    'LoadFrame',
    'LoadTeacherView',
    'PackClipInputs',
    'RandomDegradation',
    'RandomProfile',
    'RandomShiftClip',
    'ResizeToMultiple',
    'ShortSideResize',
    'image_key',
    'short_side_size',
]
