"""Mask refiners: from a picture and boxes to masks, and what is taken of them."""

from .base import MaskRefiner
from .hq_sam import HQSAM
from .merging import merge_masks
from .refinement import MaskRefinement
from .selector import IoUSelector

__all__ = ['HQSAM', 'IoUSelector', 'MaskRefinement', 'MaskRefiner', 'merge_masks']
