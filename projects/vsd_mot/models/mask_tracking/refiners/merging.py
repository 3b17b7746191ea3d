"""One label map of masks that overlap."""

from __future__ import annotations

from torch import Tensor


def merge_masks(
    masks: Tensor, labels: list[int], *, published: bool = False, background: bool = True
) -> Tensor:
    """One label map of masks; where several overlap, the lowest label has the pixel.

    Args:
        masks: ``(n, H, W)`` bool.
        labels: Label of each mask, ascending, above 0.
        published: Follow the released code, which writes where masks overlap not the lowest label
            but its place among the labels of the frame: wrong as soon as a lower one is absent.
        background: For ``published``: whether the frame had background before it was refined,
            which then has the first place.

    Returns:
        ``(H, W)`` int64, 0 where no mask is.
    """
    merged = masks.new_zeros(masks.shape[1:]).long()
    for label, mask in reversed(list(zip(labels, masks))):
        merged[mask] = label
    if published and len(labels):
        overlap = masks.sum(dim=0) > 1
        first = masks.int().argmax(dim=0) + int(background)
        merged = first.where(overlap, merged)
    return merged
