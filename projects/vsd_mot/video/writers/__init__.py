"""Writers of tracking results: text, JSON, annotated video, pictures, pages, recordings."""

from .base import ResultWriter
from .coco_json import CocoJsonWriter
from .masks import LabelMapWriter, MotsTextWriter
from .mot_text import MotTextWriter, mot_lines
from .page import PageWriter
from .page_clip import PageClipWriter
from .pictures import PictureWriter
from .rerun import RerunWriter
from .video import VideoWriter, find_encoder

__all__ = [
    'CocoJsonWriter',
    'LabelMapWriter',
    'MotTextWriter',
    'MotsTextWriter',
    'PageClipWriter',
    'PageWriter',
    'PictureWriter',
    'RerunWriter',
    'ResultWriter',
    'VideoWriter',
    'find_encoder',
    'mot_lines',
]
