"""A synthetic tracking set: people alike in clothing who cross, hide each other, come and go."""

from .settings import GENERATOR_VERSION, SyntheticSettings
from .writer import make_synthetic_set

__all__ = ['GENERATOR_VERSION', 'SyntheticSettings', 'make_synthetic_set']
