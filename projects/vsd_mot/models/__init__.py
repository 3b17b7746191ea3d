"""What runs on a frame."""

from . import data_preprocessor, detectors, query_tracking, semantics

__all__ = ['data_preprocessor', 'detectors', 'query_tracking', 'semantics']
