"""LG-MOT: detections become tracks by a hierarchy of small graph networks, offline."""

from .clip_graph import ClipGraph, GraphConstruction
from .finishing import TrackFinishing
from .hierarchy import GraphHierarchy
from .losses import FocalEdgeLoss, TextAlignment
from .message_passing import EdgeMessagePassing
from .motion import ConstantVelocity
from .pruning import GeometryPruning, MotionAppearancePruning
from .rounding import ExactRounding, GreedyRounding
from .stitching import ClipStitcher
from .tracker import DetectionDataPreprocessor, GraphTracker
from .tracklets import ClipDetections, Tracklets
from .unlock_hook import UnlockLevelsHook

__all__ = [
    'ClipDetections',
    'ClipGraph',
    'ClipStitcher',
    'ConstantVelocity',
    'DetectionDataPreprocessor',
    'EdgeMessagePassing',
    'ExactRounding',
    'FocalEdgeLoss',
    'GeometryPruning',
    'GraphConstruction',
    'GraphHierarchy',
    'GraphTracker',
    'GreedyRounding',
    'MotionAppearancePruning',
    'TextAlignment',
    'TrackFinishing',
    'Tracklets',
    'UnlockLevelsHook',
]
