"""Pictures of a whole video, with trails."""

import numpy as np
import pytest

from canvases import BOX, GREY, ONE, canvas, share_of
from vsd_mot.visualization import (
    TrackAnnotator,
    colour_of,
)


def test_annotator_remembers_trails_and_forgets_the_lost():
    annotator = TrackAnnotator(fps=10, trail_seconds=1.0)
    image, none = canvas(), np.zeros((0, 4))
    for step in range(20):
        moved = BOX + np.array([8 * step, 0, 8 * step, 0])
        drawn = annotator.annotate(image, moved, ONE)
    trail = drawn[155:166, 130:230]
    assert share_of(trail, colour_of(4), 60) > 0.03
    for _ in range(12):
        drawn = annotator.annotate(image, none, np.zeros(0, int))
    assert (drawn == image).all()
    assert not annotator._trails


def test_annotator_of_unreadable_frames():
    annotator = TrackAnnotator()
    none, ids = np.zeros((0, 4)), np.zeros(0, int)
    assert annotator.annotate(None, none, ids) is None
    annotator.annotate(canvas(), none, ids)
    stand_in = annotator.annotate(None, none, ids)
    assert stand_in.shape == (240, 320, 3)
    assert (stand_in[:80] == GREY // 3).all()
    assert stand_in[80:160].max() > 200  # the note


def test_small_pictures_are_enlarged_with_all_that_is_in_them():
    annotator = TrackAnnotator(fps=10, min_side=480)
    for step in range(10):
        moved = BOX + np.array([8 * step, 0, 8 * step, 0])
        drawn = annotator.annotate(canvas(), moved, ONE)
    assert drawn.shape == (480, 640, 3)
    colour = np.array(colour_of(4))
    assert np.abs(drawn[220, 2 * 112].astype(int) - colour).max() < 12
    assert share_of(drawn[310:332, 140:260], colour, 60) > 0.02
    assert annotator.annotate(None, BOX, ONE).shape == (480, 640, 3)
    assert TrackAnnotator(min_side=480).annotate(canvas(500, 700), BOX, ONE).shape == (500, 700, 3)
    assert TrackAnnotator(min_side=480).annotate(canvas(20, 30), BOX, ONE).shape == (80, 120, 3)


@pytest.mark.parametrize('size', [(1, 1), (20, 30), (121, 40), (240, 4000), (1080, 1920)])
def test_any_size_of_picture(size):
    annotator = TrackAnnotator()
    semantics = dict(quality=0.4, semantic_weight=0.6)
    for _ in range(3):
        drawn = annotator.annotate(canvas(*size), BOX, ONE, scores=np.ones(1), semantics=semantics)
    assert drawn.shape == (*size, 3)
    assert drawn.dtype == np.uint8
