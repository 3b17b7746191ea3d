"""Each picture is worse than the one that it was made of."""

import numpy as np
import pytest

from corruption_samples import psnr
from good_video import small_photograph
from vsd_mot.evaluation.quality_fit.steps import KINDS, degraded_pictures


@pytest.mark.parametrize('kind', list(KINDS))
def test_levels_get_worse(kind):
    image = small_photograph()
    distances = [
        psnr(image, KINDS[kind].degrade(image, level, np.random.default_rng(0)))
        for level in KINDS[kind].levels
    ]
    assert distances == sorted(distances, reverse=True)
    assert len(set(distances)) == len(distances)


def test_colour_noise_leaves_the_grey_value():
    image = np.full((64, 64, 3), 128, np.uint8)
    made = KINDS['colour noise'].degrade(image, 16, np.random.default_rng(0))
    grey = made @ np.array([0.114, 0.587, 0.299])
    assert made.std() > 10
    assert np.abs(grey - 128).max() < 1.5, 'rounding'


def test_steps_lead_from_picture_to_picture():
    image = small_photograph()[:60, :80]
    made = list(degraded_pictures(image, seed=3))
    assert made[0][1] is None
    assert made[0][0] is image
    for number, (picture, step, level) in enumerate(made[1:], start=1):
        assert picture.shape == image.shape
        assert picture.dtype == np.uint8
        assert step.after == number > step.before
        assert 0 < level < 1
    alone = sum(len(kind.levels) + 1 for kind in KINDS.values())
    assert len(made) == 1 + alone + len(KINDS) * (len(KINDS) - 1)
    again = list(degraded_pictures(image, seed=3))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(made, again))
