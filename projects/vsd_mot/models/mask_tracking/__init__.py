"""Mask tracking: HQTrack's segmenter, its memory, refiners and tracker."""

from .identity_bank import IdentityBank
from .intern_image import TruncatedInternImage
from .mask_head import MaskHead
from .memory import MemorySettings, ObjectMemory
from .propagation import MultiScalePropagation
from .vmos import VMOS

__all__ = [
    'VMOS',
    'IdentityBank',
    'MaskHead',
    'MemorySettings',
    'MultiScalePropagation',
    'ObjectMemory',
    'TruncatedInternImage',
]
