"""Colours of identities and of quality."""

import colorsys

import numpy as np

from vsd_mot.visualization import (
    colour_of,
)
from vsd_mot.visualization.palette import BAD, GOOD, quality_colour, text_colour_on


def test_colours_are_stable_and_neighbours_differ():
    assert colour_of(7) == colour_of(7)
    # Written down, so that an identity keeps its colour from version to version.
    assert [colour_of(identity) for identity in range(3)] == [
        (64, 144, 255),
        (255, 128, 144),
        (22, 217, 54),
    ]
    hues = [colorsys.rgb_to_hsv(*colour_of(identity)[::-1])[0] for identity in range(200)]
    gaps = np.abs(np.diff(hues))
    assert np.minimum(gaps, 1 - gaps).min() > 0.3
    assert len({colour_of(identity) for identity in range(200)}) == 200


def test_text_contrasts_with_its_ground():
    assert text_colour_on((255, 255, 255))[0] < 60
    assert text_colour_on((10, 10, 10)) == (255, 255, 255)


def test_quality_is_red_to_green():
    assert quality_colour(0.0) == quality_colour(-1.0) == BAD
    assert quality_colour(1.0) == quality_colour(2.0) == GOOD
