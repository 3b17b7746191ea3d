"""What runs on a frame."""

from . import data_preprocessor, detectors, heads, losses, queries, semantics, trackers, transformer

__all__ = [
    'data_preprocessor',
    'detectors',
    'heads',
    'losses',
    'queries',
    'semantics',
    'trackers',
    'transformer',
]
