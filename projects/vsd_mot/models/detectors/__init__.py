"""Detectors that make proposals."""

from .proposal_detector import ProposalDetector

__all__ = ['ProposalDetector']
