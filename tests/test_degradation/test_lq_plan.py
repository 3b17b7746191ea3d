"""Which sequences are degraded, and which frames a shard makes."""

from fractions import Fraction

from vsd_mot.degradation.lq_plan import Shard, choose, parse_fraction, parse_shard


def test_choice_is_random_by_seed_and_of_the_right_size():
    names = [f'dancetrack{i:04d}' for i in range(40)]
    chosen = choose(names, Fraction(2, 3), 0)
    assert len(chosen) == 27
    assert chosen == choose(names[::-1], Fraction(2, 3), 0)
    assert chosen != choose(names, Fraction(2, 3), 1)
    assert len(choose(names[:7], Fraction(2, 3), 0)) == 5


def test_numbers_of_the_command_line():
    assert parse_fraction('all') == 1
    assert parse_fraction('0.5') == Fraction(1, 2)
    assert parse_shard('2/4') == Shard(1, 4)
