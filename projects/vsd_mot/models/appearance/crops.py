"""Pictures of people, cut out of frames as re-identification networks expect them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def crop_people(frame: Tensor, boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Cut boxes out of a frame; what reaches out of it is filled with the crop's edge means.

    Args:
        frame: ``(3, H, W)`` uint8 or float, 0 to 255.
        boxes: (x1, y1, x2, y2) in pixels of the frame, ``(n, 4)``; fractions are cut off.
        size: (height, width) that crops are resized to, bicubic with anti-aliasing.

    Returns:
        ``(n, 3, height, width)`` float, 0 to 255, rounded to whole numbers as pictures have them.
    """
    height, width = frame.shape[1:]
    frame = frame.float()
    crops = []
    for left, top, right, bottom in boxes.trunc().long().tolist():
        # A box without a pixel in the frame gets the nearest one.
        x1, y1 = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
        x2, y2 = min(max(right, x1 + 1), width), min(max(bottom, y1 + 1), height)
        crop = frame[:, y1:y2, x1:x2]
        crop = _pad_with_means(crop, (x1 - left, max(right - x2, 0)), axis=2)
        crop = _pad_with_means(crop, (y1 - top, max(bottom - y2, 0)), axis=1)
        crops.append(
            F.interpolate(crop[None], size, mode='bicubic', align_corners=False, antialias=True)[0]
        )
    if not crops:
        return frame.new_zeros(0, frame.shape[0], *size)
    return torch.stack(crops).round().clamp(0, 255)


def _pad_with_means(crop: Tensor, amounts: tuple[int, int], axis: int) -> Tensor:
    before, after = (max(amount, 0) for amount in amounts)
    if not before and not after:
        return crop
    mean = crop.mean(dim=axis, keepdim=True)
    shape = [1, 1, 1]

    def repeated(count: int) -> Tensor:
        shape[axis] = count
        return mean.repeat(*shape)

    return torch.cat([repeated(before), crop, repeated(after)], dim=axis)
