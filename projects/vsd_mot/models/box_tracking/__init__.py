"""Trackers of boxes alone: MMTracking's on stored detections, and those of the package trackers."""

from .box_tracker import BoxAssociation, BoxTracker
from .roboflow_tracker import RoboflowTracker

__all__ = ['BoxAssociation', 'BoxTracker', 'RoboflowTracker']
