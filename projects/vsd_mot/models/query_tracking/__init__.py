"""Query-propagating trackers: MOTRv2, on which VSE-MOT and VSD-MOT build."""

from .backbones import FoldedResNet
from .cuda_graphs import CudaGraphNetworks
from .heads import ClipLoss, IdentityAwareMatcher, MOTRHead
from .motrv2 import MOTRv2
from .queries import ProposalQueries, QueryDenoising, QueryInteraction, QuerySet, TrackLifecycle
from .transformer import BiasedChannelMapper, DeformableDecoder, DeformableEncoder

__all__ = [
    'BiasedChannelMapper',
    'ClipLoss',
    'CudaGraphNetworks',
    'DeformableDecoder',
    'DeformableEncoder',
    'FoldedResNet',
    'IdentityAwareMatcher',
    'MOTRHead',
    'MOTRv2',
    'ProposalQueries',
    'QueryDenoising',
    'QueryInteraction',
    'QuerySet',
    'TrackLifecycle',
]
