"""Clips, proposals, packing, converters, descriptions, the synthetic set."""

from . import converters, descriptions, mask_clips, proposals, synthetic, transforms
from .clips import MOTClipDataset
from .mixed import MixedClipDataset
from .track_clips import TrackClipDataset

__all__ = [
    'MOTClipDataset',
    'MixedClipDataset',
    'TrackClipDataset',
    'converters',
    'descriptions',
    'mask_clips',
    'proposals',
    'synthetic',
    'transforms',
]
