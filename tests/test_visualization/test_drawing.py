"""Boxes, labels and trails."""

import numpy as np
import pytest

from canvases import BOX, GREY, ONE, canvas, share_of
from vsd_mot.visualization import (
    colour_of,
    draw_tracks,
)
from vsd_mot.visualization.drawing import draw_box, draw_label, draw_trail


def test_box_lies_where_the_box_is_and_the_input_is_untouched():
    image = canvas()
    drawn = draw_tracks(image, BOX, ONE)
    colour = np.array(colour_of(4))
    assert (image == GREY).all()
    assert np.abs(drawn[110, 40].astype(int) - colour).max() < 12
    assert np.abs(drawn[160, 60].astype(int) - colour).max() < 12
    assert (drawn[100:150, 50:80] == GREY).all()
    assert (drawn[200:] == GREY).all()


def test_label_is_above_the_box_or_inside_at_the_edge():
    above, inside = canvas(), canvas()
    draw_label(above, '12', BOX[0], colour=(0, 0, 255), size=12)
    draw_label(inside, '12', np.array([300.0, 2, 319, 40]), colour=(0, 0, 255), size=12)
    rows, _ = np.nonzero((above != GREY).any(-1))
    assert 30 < rows.min() < rows.max() <= 60
    rows, columns = np.nonzero((inside != GREY).any(-1))
    assert rows.min() >= 2
    assert 280 < columns.min() < columns.max() == 319


@pytest.mark.parametrize(
    'box', [[-500, -500, -100, -100], [1e9, 1e9, 2e9, 2e9], [-1e7, 10, 1e7, 60], [5, 5, 5, 5]]
)
def test_boxes_beyond_the_picture_are_cut(box):
    image = canvas()
    draw_box(image, np.array(box, float), colour=(0, 0, 255), width=2)
    draw_tracks(image, np.array([box], float), ONE)
    assert share_of(image, (0, 0, 255)) < 0.05


def test_trail_fades_with_age():
    image = canvas()
    draw_trail(
        image, [(20 + 2 * step, 100) for step in range(120)], colour=(255, 255, 255), width=3
    )
    old, new = image[100, 30].mean(), image[100, 240].mean()
    assert GREY < old < new
    assert new > 250
    assert (image[:90] == GREY).all()
    untouched = canvas()
    draw_trail(untouched, [(10, 10)], colour=(255, 255, 255), width=3)
    draw_trail(untouched, [(-90, -90), (-80, -80)], colour=(255, 255, 255), width=3)
    assert (untouched == GREY).all()


def test_names_of_classes_stand_before_the_identity():
    plain, named = draw_tracks(canvas(), BOX, ONE), draw_tracks(canvas(), BOX, ONE, names=['car'])
    columns = [np.nonzero((image != GREY).any(-1).any(0))[0].max() for image in (plain, named)]
    assert columns[0] <= columns[1]
    assert (plain != named).any()
    assert np.array_equal(draw_tracks(canvas(), BOX, ONE, names=None), plain)
