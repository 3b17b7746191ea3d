"""Whole models: the loop over frames."""

from .motrv2 import MOTRv2

__all__ = ['MOTRv2']
