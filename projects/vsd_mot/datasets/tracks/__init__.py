"""Tracks in files: ground truth and results, read from any format into one table."""

from .converting import convert_tracks
from .reading import READ_FORMATS, read_tracks, read_video_tracks
from .table import TableFrame, TrackTable

__all__ = [
    'READ_FORMATS',
    'TableFrame',
    'TrackTable',
    'convert_tracks',
    'read_tracks',
    'read_video_tracks',
]
