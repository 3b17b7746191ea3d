"""The loss of HOTA that a fault makes one expect."""

from pathlib import Path

import numpy as np
import pytest

from robustness_samples import made_up_results
from vsd_mot.degradation.corruptions import CORRUPTIONS, printed_name
from vsd_mot.evaluation.robustness import RobustnessResults
from vsd_mot.evaluation.video_diagnosis.expectation import (
    CLEAN_HOTA,
    MEASURED,
    expected_loss,
    losses_of,
    shipped_losses,
)

ROOT = Path(__file__).parents[3]


def test_expected_losses():
    low, high = expected_loss('fog', 3.0)
    assert 0.25 < low < high < 0.5
    assert expected_loss('fog', 1.5) == pytest.approx((low / 2, high / 2))
    assert expected_loss(None, 3.0) is None
    assert expected_loss('jpeg', 9.0, {'jpeg': np.array([0.1, 0.3])}) == (0.1, 0.3)


def test_nothing_is_gained_by_a_fault():
    assert expected_loss('jpeg', 3.0, {'jpeg': np.array([-0.1, 0.3])}) == (0.0, 0.3)


def test_the_shipped_table_is_that_of_the_documentation():
    section = (ROOT / 'docs' / 'results.md').read_text().partition('\n## Robustness\n')[2]
    cells = [
        [cell.strip() for cell in line.strip('|').split('|')]
        for line in section.splitlines()
        if line.startswith('| ')
    ]
    printed = {name: values for name, *values in reversed(cells)}  # the first table counts
    assert printed['clean'] == [f'{value:.1f}' for value in CLEAN_HOTA]
    for name, values in MEASURED.items():
        assert printed[printed_name(name)] == [f'{value:.1f}' for value in values]
    losses = shipped_losses()
    assert set(losses) == set(CORRUPTIONS)
    assert losses['fog'][0] == pytest.approx(1 - MEASURED['fog'][0] / CLEAN_HOTA[0])


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
