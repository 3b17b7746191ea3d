"""Tuning of trackers over stored proposals, the same for ours and for others."""

from .replay import ProposalReplay, StoredSequence, read_sequences
from .search import TunedSettings, tune

__all__ = ['ProposalReplay', 'StoredSequence', 'TunedSettings', 'read_sequences', 'tune']
