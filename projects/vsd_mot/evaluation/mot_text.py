"""Rows of MOTChallenge text as one array, for those who count and compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import MotTextError
from ..mot_text import read_mot_rows

__all__ = ['MotTextError', 'read_mot_text']


def read_mot_text(path: str | Path, *, identities: bool = True) -> np.ndarray:
    """Read a ground-truth, result or detection file by :func:`vsd_mot.mot_text.read_mot_rows`.

    Args:
        path: The file.
        identities: Whether an identity may appear only once in a frame, as in ground truth and
            results; detections have none.

    Returns:
        (N, 9) float64: frame (from 1), id, x, y, w, h, score, class, visibility, in the file's
        order; what a line lacks is 1 for the score and -1 for class and visibility (MOT15 has a
        position in space in their place). Identities beyond 2^53 are rounded.

    Raises:
        MotTextError: As `read_mot_rows`, or an identity is in a frame twice.
    """
    rows = read_mot_rows(path)
    if identities:
        rows.require_unique()
    columns = [rows.column(number, default) for number, default in ((7, 1), (8, -1), (9, -1))]
    ids = np.array(rows.ids, np.float64)
    return np.column_stack((rows.frames, ids, rows.boxes, *columns)).reshape(-1, 9)
