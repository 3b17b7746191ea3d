"""Errors of a tracker as events."""

import numpy as np

from page_samples import mot_rows
from vsd_mot.evaluation.result_page import error_events, read_result

NUMBERS = np.arange(1, 21)


def events(tmp_path, truth: str, result: str) -> list[tuple]:
    (tmp_path / 'truth.txt').write_text(truth)
    (tmp_path / 'result.txt').write_text(result)
    sets = [read_result(tmp_path / f'{name}.txt', name, NUMBERS) for name in ('truth', 'result')]
    return [(one.kind, one.frame + 1, one.last + 1, one.text) for one in error_events(*sets)]


def test_perfect_results_have_none(tmp_path) -> None:
    rows = mot_rows((1, 0, range(1, 21)), (2, 50, range(4, 9)))
    assert events(tmp_path, rows, rows) == []


def test_a_switch_is_where_the_other_identity_begins(tmp_path) -> None:
    truth = mot_rows((3, 0, range(1, 21)))
    result = mot_rows((7, 0, range(1, 12)), (2**60 + 1, 0, range(12, 21)))
    text = f'person 3: track 7 becomes {2**60 + 1}'
    assert events(tmp_path, truth, result) == [('switch', 12, 12, text)]


def test_misses_and_false_boxes_are_runs(tmp_path) -> None:
    truth = mot_rows((3, 0, range(1, 21)))
    result = mot_rows((7, 0, range(5, 10)), (7, 0, range(13, 21)), (8, 100, range(2, 5)))
    assert events(tmp_path, truth, result) == [
        ('missed', 1, 4, 'person 3 is missed'),
        ('missed', 10, 12, 'person 3 is missed'),
        ('false', 2, 4, 'track 8 is on nobody'),
    ]


def test_no_results_at_all(tmp_path) -> None:
    listed = events(tmp_path, mot_rows((3, 0, range(1, 21))), '')
    assert listed == [('missed', 1, 20, 'person 3 is missed')]
