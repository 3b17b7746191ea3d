"""Videos and stills with label maps: layouts, clips for training, frames for testing."""

from ...video.mots_rows import MotsRow, read_mots_rows
from .augmentation import FlipClip, ScaleAndCropClip, VaryColours
from .clip_dataset import VideoMaskClips
from .frame_dataset import VideoMaskFrames
from .layouts import MaskSequence, find_sequences
from .merging import MergedMaskClips
from .static_clips import StillMaskClips

__all__ = [
    'FlipClip',
    'MaskSequence',
    'MergedMaskClips',
    'MotsRow',
    'ScaleAndCropClip',
    'StillMaskClips',
    'VaryColours',
    'VideoMaskClips',
    'VideoMaskFrames',
    'find_sequences',
    'read_mots_rows',
]
