"""What became of every object of the ground truth in every frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment


@dataclass
class ObjectErrors:
    """The n rows of a sequence's ground truth, and the m of its results.

    Attributes:
        missed: No result is on the object, ``(n,)``.
        switched: The result has another identity than the one that was on the object last,
            ``(n,)``.
        fragmented: The object is found again after frames in which it was missed, ``(n,)``.
        false: The result is on no object, ``(m,)``.
        matches: Row of the result that is on the object, -1 where it is missed, ``(n,)`` int.
    """

    missed: np.ndarray
    switched: np.ndarray
    fragmented: np.ndarray
    false: np.ndarray
    matches: np.ndarray


def match_sequence(truth: np.ndarray, results: np.ndarray, threshold: float = 0.5) -> ObjectErrors:
    """Match results with ground truth frame by frame, as CLEAR MOT does.

    A pair of the frame before stays together while it overlaps enough; the rest are matched such
    that the sum of IoUs is largest (Bernardin and Stiefelhagen, 2008).

    Args:
        truth: Rows of frame, identity, x, y, w, h, ``(n, >= 6)``.
        results: The same of the tracker, ``(m, >= 6)``.
        threshold: Least IoU of a match. Raising it counts badly placed boxes as missed and false.

    Returns:
        The errors, in the order of the rows.
    """
    missed = np.ones(len(truth), bool)
    switched = np.zeros(len(truth), bool)
    fragmented = np.zeros(len(truth), bool)
    false = np.ones(len(results), bool)
    matches = np.full(len(truth), -1)
    last: dict[int, int] = {}
    missed_ids: set[int] = set()
    for frame in np.unique(truth[:, 0]):
        objects = np.flatnonzero(truth[:, 0] == frame)
        candidates = np.flatnonzero(results[:, 0] == frame)
        overlap = _overlap(truth[objects, 2:6], results[candidates, 2:6])
        continues = np.array([[last.get(int(truth[o, 1])) == int(results[f, 1]) for f in candidates]
                          for o in objects]).reshape(overlap.shape)  # fmt: skip
        worth = np.where(overlap >= threshold, overlap + 1000.0 * continues, 0.0)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        matched = worth[rows, columns] > 0
        for row, column in zip(objects[rows[matched]], candidates[columns[matched]]):
            identity, track = int(truth[row, 1]), int(results[column, 1])
            missed[row], false[column], matches[row] = False, False, column
            switched[row] = last.get(identity, track) != track
            fragmented[row] = identity in missed_ids
            missed_ids.discard(identity)
            last[identity] = track
        missed_ids.update(
            i for i in truth[objects[missed[objects]], 1].astype(int).tolist() if i in last
        )
    return ObjectErrors(missed, switched, fragmented, false, matches)


def _overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of boxes (x, y, w, h) of all pairs, ``(n, m)``."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum((first[:, :2] + first[:, 2:])[:, None], (second[:, :2] + second[:, 2:])[None])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    union = first[:, 2:].prod(axis=1)[:, None] + second[:, 2:].prod(axis=1)[None] - shared
    return shared / np.maximum(union, 1e-9)
