"""Drawing of tracks and of what the tracker knows of a frame."""

from .annotator import TrackAnnotator
from .drawing import draw_tracks
from .hook import SequenceVisualizationHook
from .palette import colour_of
from .quality_overlay import draw_gauges, draw_strip
from .quality_plot import plot_quality
from .visualizer import QualityTrackVisualizer

__all__ = [
    'QualityTrackVisualizer',
    'SequenceVisualizationHook',
    'TrackAnnotator',
    'colour_of',
    'draw_gauges',
    'draw_strip',
    'draw_tracks',
    'plot_quality',
]
