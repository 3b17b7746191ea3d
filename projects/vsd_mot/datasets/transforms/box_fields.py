"""The boxes of a frame and what belongs to them.

Between transforms a frame's boxes are ``np.float32`` arrays of shape (n, 4) in
(x_min, y_min, x_max, y_max) pixels of ``results['img']``. There are two sets of them, objects
(``gt_bboxes``) and detector proposals (``proposals``), and geometry has to treat both alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

ALIGNED_FIELDS = {
    'gt_bboxes': ('gt_bboxes_labels', 'gt_instances_id', 'gt_ignore_flags'),
    'proposals': ('proposals_scores', 'proposals_labels'),
}
"""Box field -> fields with one entry per box of it."""


def map_boxes(results: dict, function: Callable[[np.ndarray], np.ndarray]) -> None:
    """Replace the boxes of objects and proposals by a function of them, in place.

    Args:
        results: A frame. Fields that it lacks are left out.
        function: Takes and returns boxes of shape (n, 4).
    """
    for field in ALIGNED_FIELDS:
        if results.get(field) is not None:
            boxes = np.asarray(results[field], dtype=np.float32).reshape(-1, 4)
            results[field] = function(boxes).astype(np.float32, copy=False)


def keep_boxes(results: dict, keep: Callable[[np.ndarray], np.ndarray]) -> None:
    """Drop boxes, and their labels, identities and scores with them, in place.

    Args:
        results: A frame.
        keep: Takes boxes of shape (n, 4), returns a bool array of shape (n,).
    """
    for field, aligned in ALIGNED_FIELDS.items():
        if results.get(field) is None:
            continue
        mask = keep(results[field])
        results[field] = results[field][mask]
        for name in aligned:
            if results.get(name) is not None:
                results[name] = results[name][mask]


def clip_boxes(boxes: np.ndarray, height: float, width: float) -> np.ndarray:
    """Clip boxes (n, 4) to an image of ``height`` x ``width`` pixels."""
    limits = np.array([width, height, width, height], dtype=np.float32)
    return np.clip(boxes, 0, limits)


def has_area(boxes: np.ndarray) -> np.ndarray:
    """Tell which of the boxes (n, 4) have an area; a bool array of shape (n,)."""
    return (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
