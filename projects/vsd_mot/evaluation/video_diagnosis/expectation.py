"""The loss of HOTA that a fault makes one expect."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..robustness import CLEAN, RobustnessResults

# HOTA on clean frames and means over severities 3 and 5, of the table in docs/results.md:
# MOTRv2, VSD-MOT, ByteTrack, SORT on the synthetic set.
CLEAN_HOTA = (58.2, 58.4, 62.9, 49.1)
MEASURED: dict[str, tuple[float, ...]] = {
    'gaussian_noise': (50.0, 49.6, 55.2, 37.6),
    'shot_noise': (47.9, 48.3, 51.5, 34.8),
    'defocus': (58.1, 58.0, 62.3, 48.8),
    'motion_blur': (56.4, 56.9, 62.6, 47.5),
    'low_light': (56.1, 56.5, 62.5, 45.1),
    'low_contrast': (27.7, 28.0, 25.2, 20.9),
    'jpeg': (56.3, 55.9, 59.3, 44.6),
    'h264': (36.5, 36.2, 37.5, 27.9),
    'downscaling': (54.1, 53.3, 58.3, 44.9),
    'rain': (50.0, 50.0, 55.2, 38.6),
    'fog': (23.2, 23.0, 21.1, 17.8),
    'frozen_frames': (28.3, 27.5, 27.8, 25.0),
    'real_esrgan': (42.1, 41.9, 43.6, 32.4),
}


def shipped_losses() -> dict[str, np.ndarray]:
    """Return what each corruption costs, as shares of the clean HOTA, one for each tracker."""
    clean = np.array(CLEAN_HOTA)
    return {name: 1 - np.array(values) / clean for name, values in MEASURED.items()}


def losses_of(results: RobustnessResults) -> dict[str, np.ndarray]:
    """Return the same of one's own benchmark."""
    losses = {}
    for corruption in results.corruptions():
        values = [
            1
            - results.corruption_mean(model, corruption, 'HOTA')
            / results.score(model, CLEAN, 'HOTA')
            for model in results.models
        ]
        known = np.array([value for value in values if np.isfinite(value)])
        if len(known):
            losses[corruption] = known
    return losses


def expected_loss(
    corruption: str | None, strength: float, losses: Mapping[str, np.ndarray] | None = None
) -> tuple[float, float] | None:
    """Return the least and the greatest share of HOTA that a fault should cost.

    Args:
        corruption: That comes next to the fault.
        strength: Of the fault; at 3 it is taken for the mean of the benchmark's severities, below
            for a part of it.
        losses: Shares by corruption, one for each tracker; None takes the shipped table.

    Returns:
        The range over the trackers, None where the corruption was not measured.
    """
    losses = shipped_losses() if losses is None else losses
    if corruption is None or corruption not in losses:
        return None
    share = min(1.0, strength / 3)
    low, high = losses[corruption].min(), losses[corruption].max()
    return max(0.0, float(share * low)), max(0.0, float(share * high))
