"""Class and box branches, identity-aware matching, the losses of a clip."""

from .clip_loss import ClipLoss, FrameLoss
from .matcher import IdentityAwareMatcher, Match
from .motr_head import MOTRHead

__all__ = ['ClipLoss', 'FrameLoss', 'IdentityAwareMatcher', 'MOTRHead', 'Match']
