"""What runs on a frame."""

from . import (
    appearance,
    data_preprocessor,
    detectors,
    graph_tracking,
    mask_tracking,
    query_tracking,
    semantics,
    text,
)

__all__ = [
    'appearance',
    'data_preprocessor',
    'detectors',
    'graph_tracking',
    'mask_tracking',
    'query_tracking',
    'semantics',
    'text',
]
