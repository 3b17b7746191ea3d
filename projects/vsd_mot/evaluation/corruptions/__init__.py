"""Corruptions of five severities for the robustness benchmark."""

from .base import SEVERITIES, Corruption, Frame
from .transform import CORRUPTIONS, CorruptFrame, build_corruption

__all__ = [
    'CORRUPTIONS',
    'SEVERITIES',
    'CorruptFrame',
    'Corruption',
    'Frame',
    'build_corruption',
]
