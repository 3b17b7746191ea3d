"""Results of several trackers on one video, as a page for the browser."""

from .errors import error_events
from .making import make_page
from .reading import read_result

__all__ = ['error_events', 'make_page', 'read_result']
