"""What the synthetic set says of itself."""

import numpy as np
import pytest

from vsd_mot.datasets.synthetic.description import COLOURS, colour_name, viewpoint_name


@pytest.mark.parametrize('name', COLOURS)
def test_a_typical_colour_has_its_own_name_and_so_have_its_shades(name):
    bgr = np.array(COLOURS[name][::-1], float)
    assert colour_name(bgr) == name
    assert colour_name(bgr + 4) == name


def test_colours_out_of_range_are_named_too():
    assert colour_name(np.array([300.0, 280, 270])) == 'white'
    assert colour_name(np.array([-20.0, -5, -9])) == 'black'


def test_the_viewpoint_follows_the_height_of_people():
    assert viewpoint_name([60.0, 70, 80], 100) == 'low'
    assert viewpoint_name([30.0, 40, 900], 100) == 'medium'
    assert viewpoint_name([10.0], 100) == 'high'
    assert viewpoint_name([], 100) == 'high'
