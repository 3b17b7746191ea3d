"""Missed, switched, fragmented and false, object by object."""

import numpy as np

from vsd_mot.evaluation.diagnosis import match_sequence


def rows(*items: tuple) -> np.ndarray:
    """Frame, identity and x of boxes of 10 x 20, as read from a file."""
    return np.array([[f, i, x, 0, 10, 20, 1, 1, 1] for f, i, x in items], float).reshape(-1, 9)


def test_perfect_results_have_no_errors():
    truth = rows((1, 1, 0), (1, 2, 50), (2, 1, 2), (2, 2, 52))
    errors = match_sequence(truth, truth)
    assert not errors.missed.any()
    assert not errors.switched.any()
    assert not errors.fragmented.any()
    assert not errors.false.any()


def test_each_kind_of_error_is_found_where_it_is():
    truth = rows((1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 1, 0))
    found = rows((1, 7, 0), (1, 8, 300), (3, 7, 0), (4, 9, 0))
    errors = match_sequence(truth, found)
    assert errors.missed.tolist() == [False, True, False, False]
    assert errors.fragmented.tolist() == [False, False, True, False]
    assert errors.switched.tolist() == [False, False, False, True]
    assert errors.false.tolist() == [False, True, False, False]
    assert errors.matches.tolist() == [0, -1, 2, 3]


def test_a_pair_stays_together_though_another_fits_better():
    truth = rows((1, 1, 0), (2, 1, 0))
    found = rows((1, 7, 0), (2, 7, 2), (2, 8, 0))
    assert not match_sequence(truth, found).switched.any()


def test_no_results_miss_everything():
    errors = match_sequence(rows((1, 1, 0)), rows())
    assert errors.missed.all()
    assert len(errors.false) == 0
