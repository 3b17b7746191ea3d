"""What it gains that damaged frames are named, on videos of bright boxes."""

from pathlib import Path

import numpy as np
import pytest

from bright_box_set import SEQUENCE_FRAMES, SEQUENCE_RATE, write_sequence
from bright_box_tracker import HEIGHT, WIDTH, moving_boxes
from vsd_mot.evaluation.benchmark.damage import EVERY, LASTS, NoWatch, Video, damaged
from vsd_mot.video.damage import DamageWatch
from vsd_mot.video.sources import Frame


@pytest.mark.parametrize('damage', ['blank', 'frozen', 'corrupt'])
def test_bursts_are_damaged_and_named_and_nothing_else(damage: str) -> None:
    frames = [
        Frame(index, image, time=index / SEQUENCE_RATE)
        for index, image in enumerate(moving_boxes(SEQUENCE_FRAMES))
    ]
    spoiled = damaged(frames, damage)
    assert [(one.index, one.number, one.time) for one in spoiled] == [
        (one.index, one.number, one.time) for one in frames
    ]
    burst = {one.index for one in frames if one.time >= EVERY and one.time < EVERY + LASTS}
    assert len(burst) == SEQUENCE_RATE * LASTS
    watch, blind = DamageWatch(), NoWatch()
    for before, after in zip(frames, spoiled):
        assert np.array_equal(before.image, after.image) == (before.index not in burst)
        assert watch.look(after).damage == (damage if before.index in burst else None)
        assert blind.look(after).damage is None


def test_a_joined_video_has_other_people_at_the_size_of_the_first(tmp_path: Path) -> None:
    video = Video.read(write_sequence(tmp_path / 'BOXES'), 4)
    assert len(video.rows) == 8  # the ninth does not count
    small = Video(
        'small', SEQUENCE_RATE, [Frame(0, np.zeros((HEIGHT // 2, WIDTH, 3), np.uint8))], video.rows
    )
    joined = Video.joined([video, small])
    assert [one.image.shape for one in joined.frames] == [(HEIGHT, WIDTH, 3)] * 5
    assert [one.time for one in joined.frames] == pytest.approx(np.arange(5) / SEQUENCE_RATE)
    later = joined.rows[joined.rows[:, 0] > 4]
    assert not set(later[:, 1]) & set(video.rows[:, 1])
    assert later[:, 3] == pytest.approx(video.rows[:, 3] + HEIGHT // 4)  # below the black bar
    assert later[:, [2, 4, 5]] == pytest.approx(video.rows[:, [2, 4, 5]])
