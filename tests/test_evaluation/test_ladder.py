"""The numbers of a ladder, and what its results are of."""

from vsd_mot.evaluation.ladder import summary


def test_the_seeds_are_summed_up() -> None:
    assert summary([]) == '-'
    assert summary([40.0]) == '40.0'
    assert summary([40.0, 43.0]) == '41.5 ± 1.5'
