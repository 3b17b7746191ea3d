"""What runs on a frame."""

from . import (
    backbones,
    data_preprocessor,
    detectors,
    heads,
    losses,
    queries,
    semantics,
    trackers,
    transformer,
)

__all__ = [
    'backbones',
    'data_preprocessor',
    'detectors',
    'heads',
    'losses',
    'queries',
    'semantics',
    'trackers',
    'transformer',
]
