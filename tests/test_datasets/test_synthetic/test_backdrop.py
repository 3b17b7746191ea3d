"""Backdrops fill the picture above the horizon."""

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.backdrop import paint_backdrop
from vsd_mot.datasets.synthetic.scene import STYLES


def painted(style, seed=0):
    rng = np.random.default_rng(seed)
    return paint_backdrop(rng, width=120, horizon=30, unit=90.0, style=style)


@pytest.mark.parametrize('style', STYLES)
def test_every_style_is_a_picture_that_a_seed_repeats(style):
    picture = painted(style)
    assert picture.shape == (30, 120, 3)
    assert picture.dtype == np.float32
    assert np.isfinite(picture).all()
    assert picture.std() > 3  # something stands there
    np.testing.assert_array_equal(painted(style), picture)
    assert not np.array_equal(painted(style, seed=1), picture)
