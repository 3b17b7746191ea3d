"""Clips of detections for the offline family: windows, preparation, identities."""

from .detections import Detections, assign_identities, clamp_to_integers, clip_to_frame
from .windows import inference_clips, next_clip_start, training_clips

__all__ = [
    'Detections',
    'assign_identities',
    'clamp_to_integers',
    'clip_to_frame',
    'inference_clips',
    'next_clip_start',
    'training_clips',
]
