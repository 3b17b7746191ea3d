"""What the boxes and scores of a detector can be."""

from __future__ import annotations

import numpy as np

from ...mot_text import MAX_COORDINATE

MAX_SCORE = 1000.0  # logits and the scores of older detectors are no probabilities, but no larger


def implausible(boxes: np.ndarray, scores: np.ndarray) -> str | None:
    """Say what is wrong with the detections of a frame.

    Args:
        boxes: (n, 4) in (x_min, y_min, x_max, y_max) pixels.
        scores: (n,).

    Returns:
        The first fault, with its numbers; None when there is none.
    """
    faults = (
        (~np.isfinite(boxes).all(axis=1), 'a box that is not finite'),
        (~np.isfinite(scores), 'a score that is not finite'),
        ((abs(boxes) > MAX_COORDINATE).any(axis=1), 'a box beyond any picture'),
        ((boxes[:, 2:] < boxes[:, :2]).any(axis=1), 'a box of negative size'),
        (abs(scores) > MAX_SCORE, 'a score that no detector gives'),
    )
    for wrong, fault in faults:
        if wrong.any():
            row = int(wrong.argmax())
            return f'{fault}: {", ".join(f"{v:g}" for v in boxes[row])}, score {scores[row]:g}'
    return None
