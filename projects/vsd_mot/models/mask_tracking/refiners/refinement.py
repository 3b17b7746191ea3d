"""The step that redraws a frame's masks."""

from __future__ import annotations

import torch
from mmtrack.registry import MODELS
from torch import Tensor
from torchvision.ops import masks_to_boxes

from .base import MaskRefiner
from .merging import merge_masks


@MODELS.register_module()
class MaskRefinement:
    """Redraw each object from the box of its mask; the result never goes into the memory.

    Args:
        refiner: Config of the refiner (:class:`HQSAM`), or one.
        selector: Config of what chooses between the two masks.
        every: Only every n-th frame is refined: a refiner costs seconds a frame on a CPU. Raising
            it is faster, and redraws fewer frames.
        published_merge: See :func:`merge_masks`.
    """

    def __init__(
        self,
        refiner: dict | MaskRefiner,
        *,
        selector: dict | None = None,
        every: int = 1,
        published_merge: bool = False,
    ) -> None:
        self.refiner = MODELS.build(refiner) if isinstance(refiner, dict) else refiner
        self.selector = MODELS.build(selector or dict(type='IoUSelector'))
        self.every = every
        self.published_merge = published_merge

    def __call__(self, picture: Tensor, labels: Tensor) -> Tensor:
        """Redraw all objects that have at least one pixel.

        Args:
            picture: ``(3, H, W)`` uint8 RGB.
            labels: ``(H, W)`` int64, 0 the background.

        Returns:
            ``(H, W)`` int64 with the same labels.
        """
        values = labels.unique().tolist()
        objects = [one for one in values if one > 0]
        if not objects:
            return labels
        object_masks = labels == torch.tensor(objects, device=labels.device)[:, None, None]
        refined = self.refiner(picture, masks_to_boxes(object_masks)).to(object_masks.device)
        chosen = self.selector(object_masks, refined)
        return merge_masks(chosen, objects, published=self.published_merge, background=0 in values)

    def masks(self, picture: Tensor, boxes: Tensor) -> Tensor:
        """Masks ``(n, H, W)`` bool of the objects in boxes ``(n, 4)`` xyxy."""
        return self.refiner(picture, boxes)
