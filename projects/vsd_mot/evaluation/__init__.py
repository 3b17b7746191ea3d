"""Scoring of tracking results."""

from .mot_files import EvaluationError, MotScores, evaluate_mot_files
from .mot_text import MotTextError, read_mot_text

__all__ = [
    'EvaluationError',
    'MotScores',
    'MotTextError',
    'evaluate_mot_files',
    'read_mot_text',
]
