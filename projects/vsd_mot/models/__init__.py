"""What runs on a frame."""

from . import (
    appearance,
    data_preprocessor,
    detectors,
    graph_tracking,
    query_tracking,
    semantics,
)

__all__ = [
    'appearance',
    'data_preprocessor',
    'detectors',
    'graph_tracking',
    'query_tracking',
    'semantics',
]
