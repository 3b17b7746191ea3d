"""Sums and tables of the robustness benchmark."""

import numpy as np
import pytest

from robustness_samples import made_up_results
from vsd_mot.evaluation.robustness import (
    RobustnessResults,
)


def test_sums_and_table(tmp_path):
    results = made_up_results(tmp_path / 'results.json')
    assert results.corruption_mean('A', 'jpeg', 'HOTA') == pytest.approx(0.5)
    assert results.mean('A', 'HOTA') == pytest.approx(0.5)
    assert results.relative('A', 'HOTA') == pytest.approx(0.625)
    assert results.relative('B', 'HOTA') == pytest.approx(0.4 / 0.7)
    assert '| A | 80.0 | 50.0 | 62.5 | 50.0 | 50.0 |' in results.table()
    assert np.isnan(results.score('A', 'jpeg/1', 'MOTA'))
    assert 'A,jpeg,1,60.0,60.0,60.0,60.0,-' in results.csv()
    again = RobustnessResults(tmp_path / 'results.json')
    assert again.table() == results.table()
