"""The loss of HOTA that a fault makes one expect."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..robustness import CLEAN, RobustnessResults

# HOTA on clean frames and at severity 3, of the table in docs/results.md: MOTRv2, VSD-MOT,
# VSD-MOT with HybridLifecycle, which counts frames or seconds, ByteTrack, OC-SORT, SORT on the
# synthetic set.
CLEAN_HOTA = (58.2, 58.7, 64.2, 64.5, 62.9, 54.8, 49.1)
MEASURED: dict[str, tuple[float, ...]] = {
    'gaussian_noise': (55.7, 55.1, 61.1, 61.3, 62.5, 53.5, 44.3),
    'shot_noise': (53.9, 53.7, 59.1, 59.5, 60.6, 49.8, 43.3),
    'defocus': (57.8, 58.2, 64.1, 64.4, 61.8, 53.5, 48.6),
    'motion_blur': (57.8, 58.1, 62.1, 62.4, 63.9, 55.5, 48.8),
    'low_light': (57.1, 57.5, 63.1, 63.3, 65.2, 56.5, 46.0),
    'low_contrast': (48.8, 49.4, 50.7, 51.1, 50.3, 37.6, 38.8),
    'jpeg': (57.5, 56.0, 64.2, 64.4, 61.1, 54.5, 47.3),
    'h264': (49.5, 49.8, 50.4, 50.8, 50.2, 41.9, 37.0),
    'downscaling': (58.3, 56.5, 59.7, 59.9, 62.7, 54.9, 48.8),
    'rain': (54.4, 54.5, 60.6, 60.9, 62.1, 49.9, 45.1),
    'fog': (41.4, 41.7, 45.2, 45.1, 42.2, 30.8, 33.3),
    'frozen_frames': (37.2, 36.9, 35.2, 35.4, 35.2, 31.6, 30.8),
    'real_esrgan': (53.4, 52.5, 56.1, 56.4, 56.1, 45.8, 44.2),
    'lens_drops': (55.7, 55.6, 58.9, 59.3, 59.2, 53.1, 45.2),
    'night_infrared': (56.3, 54.8, 60.5, 60.8, 58.5, 49.1, 41.2),
    'shaky_camera': (57.7, 58.0, 63.7, 63.9, 61.6, 53.2, 48.7),
    'snow': (56.5, 59.0, 62.9, 63.2, 64.1, 55.5, 46.8),
    'h264_stream': (47.9, 47.0, 49.9, 50.1, 51.2, 43.3, 38.8),
    'h265_stream': (50.7, 52.3, 57.8, 58.1, 56.4, 46.5, 39.8),
    'low_frame_rate': (35.8, 36.5, 34.0, 50.4, 41.4, 29.8, 36.8),
    'lost_frames': (52.8, 52.9, 52.3, 57.4, 54.9, 46.7, 46.5),
    'outage': (60.2, 60.3, 65.3, 65.6, 63.6, 56.4, 51.2),
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
        strength: Of the fault; at 3 it is taken for the benchmark's severity, below for a part
            of it.
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
