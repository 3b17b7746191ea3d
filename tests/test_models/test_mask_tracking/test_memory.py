"""Settings and bookkeeping of the memory."""

import pytest
import torch

from vsd_mot.models.mask_tracking import MemorySettings, ObjectMemory
from vsd_mot.models.mask_tracking.memory_frames import LayerMemory


def of_frame(number):
    return [LayerMemory(torch.full((1, 2, 3), float(number)), torch.full((1, 2, 4), number))]


def test_the_first_frame_stays_and_the_oldest_of_the_others_goes():
    memory = ObjectMemory(MemorySettings(long_gap=1, long_frames=3))
    memory.refer(0, of_frame(0))
    for frame in range(1, 6):
        memory.update(frame, of_frame(frame))
    assert memory.long_frames == [5, 4, 0]
    assert memory.long[0].keys[0, :, 0].tolist() == [5, 5, 4, 4, 0, 0]


def test_a_frame_that_may_not_go_is_made_up_for_by_the_next():
    memory = ObjectMemory(MemorySettings(long_gap=2))
    memory.refer(0, of_frame(0))
    for frame in range(1, 6):
        memory.update(frame, of_frame(frame), long=frame not in (2, 3))
    assert memory.long_frames == [4, 0]


def test_seconds_become_frames():
    settings = MemorySettings(long_gap_seconds=2.0, short_lag_seconds=0.15)
    at_25 = settings.at_rate(25)
    assert (at_25.long_gap, at_25.short_lag) == (50, 4)
    at_2 = settings.at_rate(2)
    assert (at_2.long_gap, at_2.short_lag) == (4, 1)
    assert MemorySettings().at_rate(None) == MemorySettings()
    with pytest.raises(ValueError, match='no frame rate'):
        settings.at_rate(None)


@pytest.mark.parametrize(
    'wrong', [dict(long_gap=0), dict(long_frames=1), dict(short_lag=0), dict(long_gap_seconds=0)]
)
def test_settings_without_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        MemorySettings(**wrong)
