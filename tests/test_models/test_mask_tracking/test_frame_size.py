"""The network's picture size against the published transform."""

import numpy as np

from hqtrack_fixtures import table
from vsd_mot.models.mask_tracking.frame_size import network_size, resize_picture


def test_sizes_are_the_published_ones():
    for height, width, *expected in table('preprocess_sizes')['rows']:
        assert list(network_size(height, width)) == expected


def test_a_smaller_short_edge_for_laptops():
    assert network_size(480, 854, short_edge=240, long_edge=433) == (241, 433)


def test_a_picture_of_the_right_size_is_left_alone():
    picture = np.zeros((481, 849, 3), np.uint8)
    assert resize_picture(picture, (481, 849)) is picture
    assert resize_picture(picture, (241, 433)).shape == (241, 433, 3)
