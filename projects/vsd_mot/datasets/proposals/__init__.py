"""Stored detector proposals."""

from .frame_keys import frame_key
from .store import ProposalStore, write_proposals

__all__ = ['ProposalStore', 'frame_key', 'write_proposals']
