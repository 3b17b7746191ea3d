"""Gauges and the strip of a frame."""

import numpy as np
import pytest

from canvases import GREY, canvas, share_of
from vsd_mot.visualization import (
    draw_gauges,
    draw_strip,
)
from vsd_mot.visualization.palette import WEIGHT


def test_gauge_grows_with_the_value():
    filled = []
    for value in (0.1, 0.5, 0.9):
        image = canvas()
        draw_gauges(image, dict(semantic_weight=value))
        filled.append(share_of(image, WEIGHT))
    assert filled[0] < filled[1] < filled[2]
    assert filled[2] / filled[1] == pytest.approx(1.8, rel=0.15)


def test_gauges_stay_in_their_corner_and_need_something_to_say():
    image = canvas()
    draw_gauges(image, dict(quality=0.3, semantic_weight=0.8))
    assert (image != GREY).any()
    assert (image[120:] == GREY).all()
    for picture, known in (
        (canvas(), {}),
        (canvas(), dict(noise=0.3)),
        (canvas(90), {'quality': 1}),
    ):
        draw_gauges(picture, known)
        assert (picture == GREY).all()


def test_strip_shows_the_course():
    falling, rising = canvas(), canvas()
    values = np.linspace(0, 1, 50).tolist()
    draw_strip(rising, quality=[None] * 50, weight=values, span=50)
    draw_strip(falling, quality=[None] * 50, weight=values[::-1], span=50)
    for picture, slope in ((rising, 1), (falling, -1)):
        rows, columns = np.nonzero(np.abs(picture[:, :200].astype(int) - WEIGHT).max(-1) < 30)
        assert rows.min() > 200
        assert np.corrcoef(columns, -rows)[0, 1] * slope > 0.9
    plain = canvas()
    draw_strip(plain, quality=[None] * 5, weight=[None] * 5, span=50)
    assert (plain == GREY).all()
