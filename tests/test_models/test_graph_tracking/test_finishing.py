"""Gaps are filled, short tracks dropped."""

import numpy as np

from vsd_mot.models.graph_tracking.finishing import TrackFinishing, TrackRows


def test_gaps_are_filled_and_short_tracks_dropped():
    rows = TrackRows(
        np.array([1, 4, 2, 9, 12]), np.array([5, 5, 6, 7, 7]),
        np.array([[0, 0, 10, 10], [30, 0, 10, 40], [1, 1, 1, 1], [0, 0, 8, 8], [9, 0, 8, 8.0]]),
        np.array([1.0, 0.4, 1, 1, 1]),
    )  # fmt: skip
    finished = TrackFinishing()(rows)
    assert finished.frames.tolist() == [1, 2, 3, 4, 9, 10, 11, 12]
    assert finished.tracks.tolist() == [5] * 4 + [7] * 4
    np.testing.assert_allclose(finished.boxes[1], [10, 0, 10, 20])
    np.testing.assert_allclose(finished.scores[1], 0.8)
    assert TrackFinishing(interpolate=False)(rows).frames.tolist() == [1, 4, 9, 12]
    assert TrackFinishing(max_gap=1)(rows).frames.tolist() == [1, 4, 9, 12]
    single = TrackFinishing()(rows[np.array([2])])
    assert single.tracks.tolist() == [6]
    nothing = TrackFinishing()(rows[np.zeros(5, bool)])
    assert len(nothing) == 0
