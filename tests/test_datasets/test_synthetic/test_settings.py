"""Settings of a synthetic set."""

from __future__ import annotations

import pytest

from vsd_mot.datasets.synthetic import SyntheticSettings


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(seed=-1), 'seed must not be negative'),
        (dict(train_sequences=0, val_sequences=0), 'not both zero'),
        (dict(frames=0), 'frames must be at least 1'),
        (dict(width=20), 'at least 64 x 64, got 20 x 224'),
        (dict(min_people=5, max_people=4), r'1 <= min <= max, got 5 and 4'),
        (dict(frame_rate=0), 'frame_rate must be at least 1'),
        (dict(jpeg_quality=0), r'in 1..100, got 0'),
    ],
)
def test_impossible_settings_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        SyntheticSettings(**changes)
