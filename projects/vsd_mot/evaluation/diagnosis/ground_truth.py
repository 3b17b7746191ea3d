"""The ground truth of a sequence, as far as it counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...mot_text import read_mot_rows
from ..mot_text import read_mot_text


def read_truth(sequence: Path) -> np.ndarray:
    """Read the rows of a sequence's `gt/gt.txt` that count, as :func:`read_mot_text` gives them.

    Raises:
        MotTextError: The file is wrong, or missing.
    """
    file = sequence / 'gt' / 'gt.txt'
    return rows_that_count(read_mot_text(file), has_classes=read_mot_rows(file).has_classes())


def rows_that_count(truth: np.ndarray, *, has_classes: bool) -> np.ndarray:
    """Keep the ground truth's pedestrians that are marked to be considered.

    Results on distractors (a class of MOT17) are counted as false here, which MOTChallenge's own
    preprocessing takes out.
    """
    return truth[(truth[:, 6] != 0) & ((truth[:, 7] == 1) | (not has_classes))]
