"""Which detection is which track's."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment


def pairwise_iou(first: np.ndarray, second: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """IoU of all pairs of boxes (x1, y1, x2, y2).

    Args:
        first: ``(n, 4)``.
        second: ``(m, 4)``.
        margin: Share of width and height by which every box is widened on each side first
            (buffered IoU of C-BIoU, Yang et al., WACV 2023). Raising it matches boxes that no
            longer touch, after a jump or a gap, and confuses neighbours.

    Returns:
        ``(n, m)``.
    """
    if margin:
        first, second = widened(first, margin), widened(second, margin)
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [
        np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1) for boxes in (first, second)
    ]
    union = areas[0][:, None] + areas[1][None] - shared
    return shared / np.maximum(union, 1e-9)


def widened(boxes: np.ndarray, margin: float) -> np.ndarray:
    """Boxes (x1, y1, x2, y2) with ``margin`` of their size added on each side."""
    border = margin * (boxes[:, 2:] - boxes[:, :2])
    return np.concatenate((boxes[:, :2] - border, boxes[:, 2:] + border), axis=1)


def height_ratio(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Divide the smaller height of each pair of boxes by the larger, ``(n, m)``."""
    heights = [np.maximum(boxes[:, 3] - boxes[:, 1], 1e-9) for boxes in (first, second)]
    ratio = heights[0][:, None] / heights[1][None]
    return np.minimum(ratio, 1 / ratio)


def assign(similarity: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Match rows with columns one to one, such that the sum of similarities is largest.

    Args:
        similarity: ``(n, m)``, at least 0.
        threshold: Pairs below it are not matched. Raising it gives fewer wrong matches and more
            lost ones.

    Returns:
        Row and column indices of the k matches.
    """
    if not similarity.size:
        return np.zeros(0, int), np.zeros(0, int)
    # A pair that is too unlike is worth nothing, so that it never pushes a good one aside.
    worth = np.where(similarity >= threshold, similarity, 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    kept = worth[rows, columns] > 0
    return rows[kept], columns[kept]
