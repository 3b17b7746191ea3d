"""Clips, proposals, packing, degradation, the synthetic set."""

from . import converters, degradation, proposals, synthetic, transforms
from .clips import MOTClipDataset
from .mixed import MixedClipDataset

__all__ = [
    'MOTClipDataset',
    'MixedClipDataset',
    'converters',
    'degradation',
    'proposals',
    'synthetic',
    'transforms',
]
