"""Frames that do not arrive."""

import numpy as np
import pytest

from corruption_samples import LENGTH, frame_of
from vsd_mot.degradation.corruptions import SEVERITIES, Frame, build_corruption
from vsd_mot.degradation.corruptions.temporal import (
    FrameRateOf,
    FrozenFrames,
    LostFrames,
    LowFrameRate,
    Outage,
)


def test_frozen_frames_repeat_the_last_one_that_arrived(video):
    lost_before = set()
    for severity in SEVERITIES:
        corruption = FrozenFrames(severity)
        lost = set()
        for number in range(LENGTH):
            image, frame = frame_of(video, number)
            source = corruption.source_position(frame)
            assert source <= number
            assert corruption.source_position(frame_of(video, source)[1]) == source
            np.testing.assert_array_equal(corruption(image, frame), frame_of(video, source)[0])
            lost |= {number} if source < number else set()
        assert lost_before <= lost
        lost_before = lost
    assert 0.6 < len(lost) / LENGTH < 1


def test_the_lost_part_is_that_of_the_severity(tmp_path):
    folder = tmp_path / 'img1'
    folder.mkdir()
    for number in range(1500):
        (folder / f'{number:06d}.jpg').touch()
    for severity, part in zip(SEVERITIES, FrozenFrames.levels):
        corruption = FrozenFrames(severity)
        lost = [
            corruption.source_position(Frame(str(folder / f'{n:06d}.jpg'), n)) < n
            for n in range(0, 1500)
        ]
        assert np.mean(lost) == pytest.approx(part, abs=0.06)


def kept(name: str, severity: int, length: int = 600, fps: float = 30.0) -> list[int]:
    corruption = build_corruption(name, severity)
    return [n for n in range(length) if corruption.keeps(Frame(f'v/img1/{n}.jpg', n, fps))]


def test_low_frame_rate_keeps_one_of_every_n():
    for severity, divisor in zip(SEVERITIES, LowFrameRate.levels):
        assert kept('low_frame_rate', severity) == list(range(0, 600, divisor))


@pytest.mark.parametrize(('fps', 'gaps'), [(30.0, {5}), (25.0, {4, 5}), (5.0, {1})])
def test_a_recorder_of_six_frames_per_second(fps, gaps):
    recorder = FrameRateOf(3)
    numbers = [n for n in range(500) if recorder.keeps(Frame('v/img1/1.jpg', n, fps))]
    assert numbers[0] == 0
    assert set(np.diff(numbers)) == gaps
    assert len(numbers) == pytest.approx(500 * min(1.0, 6 / fps), abs=1)


def test_lost_frames_come_in_bursts_and_more_of_them_at_each_severity():
    before = set(range(3000))
    for severity, share in zip(SEVERITIES, LostFrames.levels):
        here = set(kept('lost_frames', severity, 3000))
        assert here < before
        assert 1 - len(here) / 3000 == pytest.approx(share, abs=0.05)
        before = here
    lost = np.array([n not in before for n in range(3000)])
    assert lost[1:][lost[:-1]].mean() > lost.mean() + 0.05, 'what follows a loss is lost sooner'


def test_an_outage_is_one_gap():
    for severity, length in zip(SEVERITIES, Outage.levels):
        gaps = np.diff(kept('outage', severity, 300)) - 1
        assert sorted(gaps[gaps > 0]) == [length]
