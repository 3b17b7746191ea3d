"""Detectors that make proposals."""

from .proposal_detector import ProposalDetector
from .shared_detector import SharedDetector

__all__ = ['ProposalDetector', 'SharedDetector']
