"""Converters of data sets to the annotation files that MMTracking's data sets read."""

from .crowdhuman import convert_crowdhuman
from .mot import convert_mot
from .report import ConversionReport, ConvertedSet
from .video_clip import pack_clip

__all__ = ['ConversionReport', 'ConvertedSet', 'convert_crowdhuman', 'convert_mot', 'pack_clip']
