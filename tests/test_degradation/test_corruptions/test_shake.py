"""A camera that shakes smears and skews, and leaves the frame where it is."""

import numpy as np

from vsd_mot.degradation.corruptions.base import Frame
from vsd_mot.degradation.corruptions.shake import ShakyCamera

FRAMES = [Frame(f'v/{number}.jpg', number) for number in range(40)]


def line() -> np.ndarray:
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, 79:81] = 255
    return image


def test_the_camera_moves_by_one_on_the_average():
    velocities = np.stack([ShakyCamera(3).velocity(frame) for frame in FRAMES])
    assert 0.4 < np.abs(velocities).mean() < 1.2
    steps = np.linalg.norm(np.diff(velocities, axis=0), axis=1)
    assert steps.max() < 2.5  # a hand, not noise


def test_an_upright_line_is_smeared_and_leans_about_its_middle():
    def columns(severity, row):
        rows = [ShakyCamera(severity)(line(), frame)[row, :, 0].astype(float) for frame in FRAMES]
        places = [(row * np.arange(160)).sum() / row.sum() for row in rows]
        return np.array(places), np.mean([(row > 8).sum() for row in rows])

    top, _ = columns(5, 5)
    middle, wide = columns(5, 60)
    bottom, _ = columns(5, 114)
    _, narrow = columns(1, 60)
    assert wide > narrow >= 2
    assert np.abs(middle - 79.5).max() < 1  # boxes stay true
    assert np.abs(top - bottom).mean() > 1
    np.testing.assert_allclose(top - 79.5, 79.5 - bottom, atol=1)
