"""What no detector can say is named with its numbers."""

import numpy as np
import pytest

from vsd_mot.datasets.proposals.plausible import implausible

GOOD = [5.0, 5, 20, 40]


def test_detections_of_a_detector_are_plausible():
    assert implausible(np.array([GOOD, [-30, -4, 900, 4000]]), np.array([0.5, -12.0])) is None
    assert implausible(np.zeros((0, 4)), np.zeros(0)) is None


@pytest.mark.parametrize(
    ('box', 'score', 'fault'),
    [
        ([5, 5, np.nan, 40], 0.5, 'a box that is not finite: 5, 5, nan, 40, score 0.5'),
        (GOOD, np.inf, 'a score that is not finite'),
        ([5, 5, 1e30, 40], 0.5, 'a box beyond any picture'),
        ([20, 5, 5, 40], 0.5, 'a box of negative size: 20, 5, 5, 40'),
        (GOOD, 1e6, 'a score that no detector gives'),
    ],
)
def test_the_fault_is_named(box, score, fault):
    found = implausible(np.array([GOOD, box], float), np.array([0.9, score]))
    assert found is not None
    assert found.startswith(fault)
