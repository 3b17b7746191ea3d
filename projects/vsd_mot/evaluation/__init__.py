"""Scoring of tracking results."""

from .mask_metric import MaskTrackMetric
from .mask_scores import MaskRuns, j_and_f, mots_scores
from .mot_files import EvaluationError, MotScores, evaluate_mot_files
from .mot_text import MotTextError, read_mot_text
from .tracking_metrics import TrackingMetrics

__all__ = [
    'EvaluationError',
    'MaskRuns',
    'MaskTrackMetric',
    'MotScores',
    'MotTextError',
    'TrackingMetrics',
    'evaluate_mot_files',
    'j_and_f',
    'mots_scores',
    'read_mot_text',
]
