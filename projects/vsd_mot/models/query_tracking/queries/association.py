"""Which detection is which track's."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment


def pairwise_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of all pairs of boxes (x1, y1, x2, y2).

    Args:
        first: ``(n, 4)``.
        second: ``(m, 4)``.

    Returns:
        ``(n, m)``.
    """
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [
        np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1) for boxes in (first, second)
    ]
    union = areas[0][:, None] + areas[1][None] - shared
    return shared / np.maximum(union, 1e-9)


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
