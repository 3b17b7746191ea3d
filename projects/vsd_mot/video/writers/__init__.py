"""Writers of tracking results: MOTChallenge text, COCO-style JSON, annotated video, pictures."""

from .base import ResultWriter
from .coco_json import CocoJsonWriter
from .masks import LabelMapWriter, MotsTextWriter
from .mot_text import MotTextWriter, mot_lines
from .pictures import PictureWriter
from .video import VideoWriter, find_encoder

__all__ = [
    'CocoJsonWriter',
    'LabelMapWriter',
    'MotTextWriter',
    'MotsTextWriter',
    'PictureWriter',
    'ResultWriter',
    'VideoWriter',
    'find_encoder',
    'mot_lines',
]
