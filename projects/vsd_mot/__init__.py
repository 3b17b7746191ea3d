"""VSD-MOT: multi-object tracking in low-quality video, a plugin for MMTracking."""

from . import late_imports as late_imports  # isort: skip  (before anything that it is about)
from . import apis, datasets, degradation, engine, evaluation, models, video, visualization
from .version import __version__

__all__ = [
    '__version__',
    'apis',
    'datasets',
    'degradation',
    'engine',
    'evaluation',
    'models',
    'video',
    'visualization',
]
