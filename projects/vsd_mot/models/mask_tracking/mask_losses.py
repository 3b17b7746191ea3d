"""Losses of label maps: hard pixels' cross entropy and soft Jaccard."""

from __future__ import annotations

from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

IGNORED = 255


@MODELS.register_module()
class HardPixelCrossEntropy(nn.Module):
    """Cross entropy of the pixels that are wrong most (AOT, NeurIPS 2021, section 4).

    Training begins with all pixels and narrows to the hardest ones, linearly.

    Args:
        share: Share of the pixels that counts in the end. Less looks at outlines and small objects
            only, and at wrong labels.
        narrowed_at: Share of the training at which it is reached. Raising it learns from all pixels
            longer.
    """

    def __init__(self, share: float = 0.15, narrowed_at: float = 0.5) -> None:
        super().__init__()
        self.share = share
        self.narrowed_at = narrowed_at

    def forward(self, logits: Tensor, labels: Tensor, progress: float) -> Tensor:
        """Return the loss of one sample.

        Args:
            logits: ``(C, H, W)``.
            labels: ``(H, W)`` int64 in 0..C - 1; 255 is ignored, and yet counted among the
                pixels, as published.
            progress: Share of the training that is done.

        Returns:
            A scalar.
        """
        losses = F.cross_entropy(
            logits[None], labels[None], ignore_index=IGNORED, reduction='none'
        ).flatten()
        narrowed = min(1.0, progress / self.narrowed_at)
        count = int((narrowed * self.share + 1 - narrowed) * losses.numel())
        return losses.topk(max(count, 1), sorted=False).values.mean()


@MODELS.register_module()
class SoftJaccardLoss(nn.Module):
    """One minus the intersection over union of soft masks, mean over what is in the frame."""

    def forward(self, logits: Tensor, labels: Tensor, progress: float = 0.0) -> Tensor:
        """Return the loss of one sample.

        Args:
            logits: ``(C, H, W)``.
            labels: ``(H, W)`` int64 in 0..C - 1; pixels of 255 are left out.
            progress: Not used.

        Returns:
            A scalar; 0 where no pixel has a label.
        """
        labelled = (labels != IGNORED).flatten()
        probabilities = logits.flatten(1).softmax(dim=0)[:, labelled]
        truth = F.one_hot(labels.flatten()[labelled], len(logits)).T.to(probabilities.dtype)
        both = (probabilities * truth).sum(dim=1)
        union = probabilities.sum(dim=1) + truth.sum(dim=1) - both
        in_frame = truth.sum(dim=1) > 0
        losses = (1 - both / (union + 1e-6))[in_frame]
        return losses.mean() if in_frame.any() else logits.sum() * 0
