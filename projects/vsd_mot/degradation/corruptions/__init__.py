"""Corruptions of five severities for the robustness benchmark."""

from .base import SEVERITIES, Corruption, Frame
from .registry import CORRUPTIONS, build_corruption

__all__ = ['CORRUPTIONS', 'SEVERITIES', 'Corruption', 'Frame', 'build_corruption']
