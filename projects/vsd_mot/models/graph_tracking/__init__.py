"""LG-MOT: detections become tracks by a hierarchy of small graph networks, offline."""

from .clip_graph import ClipGraph, GraphConstruction
from .hierarchy import GraphHierarchy
from .losses import FocalEdgeLoss, TextAlignment
from .message_passing import EdgeMessagePassing
from .motion import ConstantVelocity
from .pruning import GeometryPruning, MotionAppearancePruning
from .rounding import ExactRounding, GreedyRounding
from .tracklets import ClipDetections, Tracklets

__all__ = [
    'ClipDetections',
    'ClipGraph',
    'ConstantVelocity',
    'EdgeMessagePassing',
    'ExactRounding',
    'FocalEdgeLoss',
    'GeometryPruning',
    'GraphConstruction',
    'GraphHierarchy',
    'GreedyRounding',
    'MotionAppearancePruning',
    'TextAlignment',
    'Tracklets',
]
