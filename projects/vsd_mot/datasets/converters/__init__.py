"""Converters of data sets to the annotation files that MMTracking's data sets read."""

from .crowdhuman import convert_crowdhuman
from .mot import convert_mot
from .report import ConversionReport

__all__ = ['ConversionReport', 'convert_crowdhuman', 'convert_mot']
