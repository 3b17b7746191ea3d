"""Resizing of tensors as OpenCV does it, area averaging included."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


@lru_cache(maxsize=64)
def _area_weights(source: int, target: int) -> Tensor:
    """(target, source) matrix of OpenCV's INTER_AREA along one axis.

    Shrinking averages the covered part of each source pixel, which torch's adaptive pooling
    does not; enlarging interpolates only inside a source pixel's rim.
    """
    weights = np.zeros((target, source), np.float32)
    scale = source / target
    if target <= source:
        edges = np.arange(source)
        for row in range(target):
            covered = np.minimum(edges + 1, (row + 1) * scale) - np.maximum(edges, row * scale)
            weights[row] = np.clip(covered, 0, None) / scale
        return torch.from_numpy(weights)
    for row in range(target):
        left = int(np.floor(row * scale))
        part = (row + 1) - (left + 1) / scale
        part = 0.0 if part <= 0 else part - np.floor(part)
        right = min(left + 1, source - 1)
        weights[row, min(left, source - 1)] += 1 - part
        weights[row, right] += part
    return torch.from_numpy(weights)


def resize(image: Tensor, size: tuple[int, int], interpolation: str) -> Tensor:
    """Resize a tensor to (height, width).

    Args:
        image: (3, H, W) float in grey levels.
        size: New height and width.
        interpolation: 'area', 'bilinear' or 'bicubic' (no antialiasing, as in OpenCV).

    Returns:
        (3, height, width), clipped to [0, 255].
    """
    if tuple(image.shape[1:]) == size:
        return image
    if interpolation == 'area':
        rows = _area_weights(image.shape[1], size[0]).to(image.device)
        columns = _area_weights(image.shape[2], size[1]).to(image.device)
        return (rows @ image @ columns.T).clamp(0, 255)
    resized = F.interpolate(image[None], size, mode=interpolation, align_corners=False)
    return resized[0].clamp(0, 255)
