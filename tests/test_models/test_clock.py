import pytest

from vsd_mot.models.clock import Clock


def test_frames_are_counted_whatever_their_times():
    clock = Clock()
    assert [clock.elapsed(time) for time in (0.0, 0.5, None, 9.0)] == [1, 1, 1, 1]


def test_seconds_are_counted_in_ticks_of_the_rate():
    clock = Clock('seconds', rate=30)
    ticks = [clock.elapsed(time) for time in (7.0, 7.1, 7.1, 8.1, 8.0)]
    assert ticks == pytest.approx([1, 3, 0, 30, 0])
    clock.reset()
    assert clock.elapsed(100.0) == 1


def test_what_a_clock_cannot_count():
    with pytest.raises(ValueError, match="counts 'frames' or 'seconds', not 'hours'"):
        Clock('hours')
    with pytest.raises(ValueError, match='more than 0, not 0'):
        Clock(rate=0)
    with pytest.raises(ValueError, match='a frame has no time'):
        Clock('seconds').elapsed(None)
