"""Clips of detections for the offline family: windows, preparation, identities."""

from .dataset import StoredFrame, StoredVideo, TrackClipDataset
from .detections import Detections, GroundTruth, assign_identities, clamp_to_integers, prepare_boxes
from .windows import CLIP_FRAMES, inference_clips, next_clip_start, training_clips

__all__ = [
    'CLIP_FRAMES',
    'Detections',
    'GroundTruth',
    'StoredFrame',
    'StoredVideo',
    'TrackClipDataset',
    'assign_identities',
    'clamp_to_integers',
    'inference_clips',
    'next_clip_start',
    'prepare_boxes',
    'training_clips',
]
