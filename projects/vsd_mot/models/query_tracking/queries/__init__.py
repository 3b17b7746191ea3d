"""The query set, what it is made of, and how it goes from frame to frame."""

from ...frames import Proposals
from .denoising import QueryDenoising
from .detection_queries import ProposalQueries
from .frame_evidence import FrameEvidence, SettledFrame
from .hybrid_lifecycle import HybridLifecycle
from .lifecycle import TrackLifecycle
from .propagation import QueryInteraction
from .query_set import QuerySet

__all__ = [
    'FrameEvidence',
    'HybridLifecycle',
    'ProposalQueries',
    'Proposals',
    'QueryDenoising',
    'QueryInteraction',
    'QuerySet',
    'SettledFrame',
    'TrackLifecycle',
]
