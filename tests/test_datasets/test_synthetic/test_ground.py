"""The ground plane: its projection, and its picture."""

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.ground import Ground, paint_ground
from vsd_mot.datasets.synthetic.scene import STYLES

GROUND = Ground(focal=100.0, eye_height=2.5, horizon=30.0, centre=60.0, near=3.0, far=20.0)


def test_points_project_as_through_a_pinhole():
    np.testing.assert_allclose(GROUND.project(0.0, 10.0), [60, 55])
    np.testing.assert_allclose(GROUND.project([1.0, 1.0], [10.0, 5.0]), [[70, 55], [80, 80]])
    # A person as tall as the camera is high reaches up to the horizon at any distance.
    for away in (4.0, 8.0, 16.0):
        foot = GROUND.project(0.0, away)[1]
        assert foot - GROUND.eye_height * GROUND.scale(away) == pytest.approx(GROUND.horizon)


@pytest.mark.parametrize('style', STYLES)
def test_every_style_is_paved_below_the_horizon(style):
    def paint():
        rng = np.random.default_rng(0)
        return paint_ground(rng, GROUND, width=120, height=90, unit=90.0, style=style)

    picture = paint()
    assert picture.shape == (90, 120, 3)
    assert np.issubdtype(picture.dtype, np.floating)
    assert np.isfinite(picture).all()
    near, far = (abs(np.diff(rows, axis=1)).mean() for rows in (picture[60:], picture[31:40]))
    assert near > far > 0  # detail is lost afar; a path's edges cross the rows, and stay
    np.testing.assert_array_equal(paint(), picture)
