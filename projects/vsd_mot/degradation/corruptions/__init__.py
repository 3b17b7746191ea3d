"""Corruptions of five severities for the robustness benchmark, and profiles made of them."""

from .base import SEVERITIES, Corruption, Frame
from .profiles import PROFILES
from .registry import CORRUPTIONS, build_corruption, printed_name

__all__ = [
    'CORRUPTIONS',
    'PROFILES',
    'SEVERITIES',
    'Corruption',
    'Frame',
    'build_corruption',
    'printed_name',
]
