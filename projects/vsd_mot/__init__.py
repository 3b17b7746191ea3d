"""VSD-MOT: multi-object tracking in low-quality video, a plugin for MMTracking."""

from . import apis, datasets, engine, evaluation, models, visualization

__all__ = ['apis', 'datasets', 'engine', 'evaluation', 'models', 'visualization']
