"""The loss of HOTA that a fault makes one expect."""

import numpy as np
import pytest

from robustness_samples import made_up_results
from vsd_mot.evaluation.robustness import RobustnessResults
from vsd_mot.evaluation.video_diagnosis.expectation import (
    CLEAN_HOTA,
    MEASURED,
    expected_loss,
    losses_of,
    shipped_losses,
)


def test_expected_losses():
    low, high = expected_loss('fog', 3.0)
    assert 0.55 < low < high < 0.7
    assert expected_loss('fog', 1.5) == pytest.approx((low / 2, high / 2))
    assert expected_loss(None, 3.0) is None
    assert expected_loss('jpeg', 9.0, {'jpeg': np.array([0.1, 0.3])}) == (0.1, 0.3)


def test_nothing_is_gained_by_a_fault():
    assert expected_loss('jpeg', 3.0, {'jpeg': np.array([-0.1, 0.3])}) == (0.0, 0.3)


def test_the_shipped_table_is_that_of_the_documentation():
    losses = shipped_losses()
    assert losses.keys() == MEASURED.keys()
    assert losses['fog'][2] == pytest.approx(1 - 21.1 / CLEAN_HOTA[2])


def test_losses_of_ones_own_benchmark(tmp_path):
    results = made_up_results(tmp_path / 'results.json')
    losses = losses_of(results)
    assert losses.keys() == {'jpeg', 'fog'}
    # HOTA falls from 0.8 (A) and 0.7 (B) by 0.2 a severity, of which there are two.
    np.testing.assert_allclose(losses['fog'], [0.3 / 0.8, 0.3 / 0.7])


def test_trackers_without_a_cell_do_not_count(tmp_path):
    results = RobustnessResults(tmp_path / 'results.json')
    assert losses_of(results) == {}
    results.add_model('A', config='a.py', checkpoint=None, digest='x')
    results.put('A', 'fog/1', dict(HOTA=0.4))
    assert losses_of(results) == {}, 'nothing clean to compare with'
