"""Clips, proposals, packing, converters, the synthetic set."""

from . import converters, mask_clips, proposals, synthetic, transforms
from .clips import MOTClipDataset
from .mixed import MixedClipDataset

__all__ = [
    'MOTClipDataset',
    'MixedClipDataset',
    'converters',
    'mask_clips',
    'proposals',
    'synthetic',
    'transforms',
]
