"""Pages that need no other file, and fetch nothing."""

from .shell import whole_page
from .track_page import PageClip, PageEvent, PageTracks, track_page

__all__ = ['PageClip', 'PageEvent', 'PageTracks', 'track_page', 'whole_page']
