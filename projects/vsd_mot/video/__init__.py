"""Read and write video: files, folders, cameras, streams; a frame's results; writers."""

from .reader import open_source
from .results import FrameResult

__all__ = ['FrameResult', 'open_source']
