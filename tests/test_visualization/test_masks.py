"""Outlines and tints of masks."""

import numpy as np

from vsd_mot.visualization.drawing import draw_tracks
from vsd_mot.visualization.masks import draw_mask


def test_a_mask_is_tinted_and_outlined_and_the_rest_stays():
    image, mask = np.full((40, 50, 3), 100, np.uint8), np.zeros((40, 50), bool)
    mask[10:30, 10:30] = True
    draw_mask(image, mask, colour=(0, 0, 255), width=1)
    blue, green, red = (int(value) for value in image[20, 20])
    assert (blue, green) == (65, 65)
    assert 150 < red < 158
    assert image[10, 20, 2] > 200 > 60 > image[10, 20, 0]
    assert (image[35, 45] == 100).all()


def test_a_mask_of_a_smaller_picture_is_enlarged():
    image, mask = np.zeros((80, 100, 3), np.uint8), np.zeros((40, 50), bool)
    mask[10:30, 10:30] = True
    draw_mask(image, mask, colour=(0, 200, 0), width=1)
    assert image[40, 40].any()
    assert not image[70, 90].any()


def test_an_empty_mask_leaves_the_box():
    image, boxes = np.zeros((60, 60, 3), np.uint8), np.array([[10.0, 20, 40, 50]])
    empty = np.zeros((1, 60, 60), bool)
    with_box = draw_tracks(image, boxes, np.array([3]), masks=empty)
    assert np.array_equal(with_box, draw_tracks(image, boxes, np.array([3])))
