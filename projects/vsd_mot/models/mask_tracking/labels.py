"""From logits of groups of objects to one label map."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

CLOSED = -1e10  # logit of an identity that no object has
HALF_CLOSED = -1e4
MARGIN = 1e-5


def close_channels(logits: Tensor, count: int) -> Tensor:
    """Let only the background and the first ``count`` identities compete.

    Args:
        logits: ``(..., identities + 1, h, w)``.
        count: How many identities are in use.
    """
    closed = HALF_CLOSED if logits.dtype == torch.float16 else CLOSED
    unused = torch.arange(logits.shape[-3], device=logits.device) > count
    return logits.masked_fill(unused[:, None, None], closed)


def enlarge(logits: Tensor, size: tuple[int, int]) -> Tensor:
    """Logits ``(C, h, w)`` at a size (H, W), bilinear, corners on corners."""
    return F.interpolate(logits[None], size, mode='bilinear', align_corners=True)[0]


def shrink_labels(labels: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a label map ``(H, W)`` at another size (h, w), by nearest neighbour."""
    if tuple(labels.shape) == tuple(size):
        return labels
    # float32 holds every position exactly; interpolate knows no integers
    return F.interpolate(labels[None, None].float(), size, mode='nearest')[0, 0].to(labels.dtype)


def aggregate(logits: Sequence[Tensor]) -> Tensor:
    """Probabilities of the background and all objects of several groups (HQTrack's rule).

    Each group says with its softmax what is background: that which all of them say is.

    Args:
        logits: For each group ``(1 + n, H, W)``, background first.

    Returns:
        ``(1 + all n, H, W)``, background first, then the objects, group by group. Of one group
        its softmax.
    """
    groups = [one.softmax(dim=0) for one in logits]
    if len(groups) == 1:
        return groups[0]
    background = torch.stack([one[0] for one in groups]).prod(dim=0)[None]
    merged = torch.cat([background, *(one[1:] for one in groups)]).clamp(MARGIN, 1 - MARGIN)
    return torch.logit(merged).softmax(dim=0)
