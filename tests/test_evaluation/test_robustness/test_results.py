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
    assert 'A,jpeg,1,0,60.0,60.0,60.0,60.0,-' in results.csv()
    again = RobustnessResults(tmp_path / 'results.json')
    assert again.table() == results.table()


def test_several_seeds_are_averaged_and_their_spread_is_told(tmp_path):
    results = RobustnessResults(tmp_path / 'results.json')
    results.add_model('A', config='a.py', checkpoint=None, digest='x')
    results.put('A', 'clean', dict(HOTA=0.8))
    for seed, value in ((0, 0.4), (1, 0.5), (2, 0.6)):
        for severity in (1, 2):
            cell = f'low_frame_rate/{severity}' + (f'/{seed}' if seed else '')
            results.put('A', cell, dict(HOTA=value))
    assert results.score('A', 'low_frame_rate/1', 'HOTA') == pytest.approx(0.5)
    assert results.severities() == [1, 2]
    assert results.spread('A', 'low_frame_rate', 'HOTA') == pytest.approx(0.1)
    assert '| Low frame rate |' in results.table()
    assert '| 50.0 ± 10.0 |' in results.table()
    assert 'A,low_frame_rate,2,2,60.0' in results.csv()
