import itertools

import pytest

from vsd_mot.video.frame_clock import FrameClock


def seconds(times, fps=10.0, **settings):
    clock = FrameClock(fps, **settings)
    return [clock.seconds(time) for time in times]


def test_times_count_from_the_first_frame():
    assert seconds([5.0, 5.1, 5.25, 8.0]) == pytest.approx([0, 0.1, 0.25, 3.0])


def test_frames_without_a_time_follow_at_the_frame_rate():
    assert seconds([None, None, 0.2, None]) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_clock_that_starts_again_goes_on():
    assert seconds([1.0, 1.1, 1.2, 1.3, 0.0, 0.1]) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])


def test_frames_out_of_order_do_not_shift_the_rest():
    times = seconds([0.0, 0.1, 0.1, 0.05, 0.2])
    assert times == pytest.approx([0, 0.1, 0.101, 0.102, 0.2])
    assert all(late > early for early, late in itertools.pairwise(times))


def test_a_jump_is_a_gap_unless_the_format_is_joined():
    assert seconds([0.0, 0.1, 3600.0])[-1] == 3600.0
    assert seconds([0.0, 0.1, 3600.0, 3600.1], joined=True) == pytest.approx([0, 0.1, 0.2, 0.3])
    assert seconds([0.0, 0.1, 9.0], joined=True)[-1] == 9.0
