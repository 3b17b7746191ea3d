"""Which refined masks are taken."""

from __future__ import annotations

from mmtrack.registry import MODELS
from torch import Tensor


@MODELS.register_module()
class IoUSelector:
    """Take a refined mask where it overlaps the segmenter's (HQTrack, section 2.2).

    It guards against a refiner that draws something else, not against small errors.

    Args:
        threshold: Least IoU of the two masks at which the refined one is taken. Raise it to trust
            the refiner less; above 1 never.
    """

    def __init__(self, threshold: float = 0.1) -> None:
        self.threshold = threshold

    def __call__(self, masks: Tensor, refined: Tensor) -> Tensor:
        """Choose for each object one of two masks ``(n, H, W)`` bool.

        Args:
            masks: The segmenter's.
            refined: The refiner's.

        Returns:
            ``(n, H, W)`` bool.
        """
        both = (masks & refined).flatten(1).sum(dim=1).double()
        either = (masks | refined).flatten(1).sum(dim=1).double()
        # float32 as published: an IoU of a tenth counts as one
        agreement = ((both + 1e-6) / (either + 1e-6)).float()
        agrees = agreement >= agreement.new_tensor(self.threshold)
        return refined.where(agrees[:, None, None], masks)
