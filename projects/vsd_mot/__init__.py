"""VSD-MOT: multi-object tracking in low-quality video, a plugin for MMTracking."""

from . import apis, datasets, engine, evaluation, models, visualization
from .version import __version__

__all__ = [
    '__version__',
    'apis',
    'datasets',
    'engine',
    'evaluation',
    'models',
    'visualization',
]
