"""The query set, what it is made of, and how it goes from frame to frame."""

from .denoising import QueryDenoising
from .detection_queries import ProposalQueries, Proposals
from .lifecycle import TrackLifecycle
from .propagation import QueryInteraction
from .query_set import QuerySet

__all__ = [
    'ProposalQueries',
    'Proposals',
    'QueryDenoising',
    'QueryInteraction',
    'QuerySet',
    'TrackLifecycle',
]
