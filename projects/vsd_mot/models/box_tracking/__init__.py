"""Trackers of boxes alone: MMTracking's on stored detections, and those of the package trackers."""

from .box_tracker import BoxTracker
from .roboflow_tracker import RoboflowTracker

__all__ = ['BoxTracker', 'RoboflowTracker']
