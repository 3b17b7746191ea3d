"""Mask tracking: HQTrack's segmenter, its memory, refiners and tracker."""

from . import mask_losses, optimisation, refiners
from .clip_training import MaskClipLoss
from .hqtrack import HQTrack
from .identity_bank import IdentityBank
from .intern_image import TruncatedInternImage
from .mask_head import MaskHead
from .memory import MemorySettings, ObjectMemory
from .object_sources import AnnotatedMasks, TrackedBoxes, label_map_of
from .propagation import MultiScalePropagation
from .quality_veto import QualityVeto
from .vmos import VMOS

__all__ = [
    'VMOS',
    'AnnotatedMasks',
    'HQTrack',
    'IdentityBank',
    'MaskClipLoss',
    'MaskHead',
    'MemorySettings',
    'MultiScalePropagation',
    'ObjectMemory',
    'QualityVeto',
    'TrackedBoxes',
    'TruncatedInternImage',
    'label_map_of',
    'mask_losses',
    'optimisation',
    'refiners',
]
