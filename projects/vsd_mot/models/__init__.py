"""What runs on a frame."""

from . import data_preprocessor, detectors, mask_tracking, query_tracking, semantics

__all__ = ['data_preprocessor', 'detectors', 'mask_tracking', 'query_tracking', 'semantics']
