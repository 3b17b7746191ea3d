"""The robustness benchmark: trackers on corrupted validation sets."""

from .cells import (
    CLEAN,
    METRICS,
    cell_names,
    corrupted_config,
    fingerprint,
    run_cell,
    stored_detections,
)
from .results import RobustnessResults

__all__ = [
    'CLEAN',
    'METRICS',
    'RobustnessResults',
    'cell_names',
    'corrupted_config',
    'fingerprint',
    'run_cell',
    'stored_detections',
]
