"""What runs on a frame."""

from . import (
    appearance,
    box_tracking,
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
    'box_tracking',
    'data_preprocessor',
    'detectors',
    'graph_tracking',
    'mask_tracking',
    'query_tracking',
    'semantics',
    'text',
]
