"""What runs on a frame."""

from . import detectors, heads, losses, queries, semantics, trackers, transformer

__all__ = ['detectors', 'heads', 'losses', 'queries', 'semantics', 'trackers', 'transformer']
