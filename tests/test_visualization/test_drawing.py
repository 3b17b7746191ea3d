import colorsys
import os

import cv2
import numpy as np
import pytest

from vsd_mot.visualization import (
    TrackAnnotator,
    colour_of,
    draw_gauges,
    draw_strip,
    draw_tracks,
    plot_quality,
)
from vsd_mot.visualization.drawing import draw_box, draw_label, draw_trail
from vsd_mot.visualization.palette import BAD, GOOD, WEIGHT, quality_colour, text_colour_on
from vsd_mot.visualization.text import draw_text, text_mask, text_size

GREY = 90
BOX = np.array([[40.0, 60.0, 90.0, 160.0]])
ONE = np.array([4])


def canvas(height=240, width=320):
    return np.full((height, width, 3), GREY, np.uint8)


def share_of(image, colour, tolerance=12):
    """Share of the pixels that have a colour."""
    return (np.abs(image.astype(int) - colour).max(-1) <= tolerance).mean()


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


def test_text_is_smooth_and_cut_at_the_edge():
    image = canvas(40, 60)
    draw_text(image, 'quality', (30, 10), size=14, colour=(255, 255, 255))
    draw_text(image, 'quality', (-300, 10), size=14, colour=(255, 255, 255))
    assert len(np.unique(image)) > 20
    assert (image[:, :28] == GREY).all()
    assert 0.7 < text_mask('I', 14).max() <= 1
    assert text_size('II', 14)[0] > text_size('I', 14)[0]
    assert text_size('g', 14)[1] == text_size('I', 14)[1]


def test_quality_is_red_to_green():
    assert quality_colour(0.0) == quality_colour(-1.0) == BAD
    assert quality_colour(1.0) == quality_colour(2.0) == GOOD


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


def test_plot_is_written_whole(tmp_path):
    semantics = [dict(quality=i / 30, semantic_weight=1 - i / 30, noise=0.2) for i in range(30)]
    semantics[4] = {}
    path = plot_quality(semantics, tmp_path / 'curve.png', title='walk')
    picture = cv2.imread(str(path))
    assert picture.shape[1] == 1200
    green, violet = (110, 158, 47), (246, 92, 139)
    assert share_of(picture, green, 30) > 0.001
    assert share_of(picture, violet, 30) > 0.001
    assert os.listdir(tmp_path) == ['curve.png']
    assert plot_quality([dict(quality=0.5)], tmp_path / 'one.svg').read_text().startswith('<?xml')
    with pytest.raises(ValueError, match='no frame has a quality'):
        plot_quality([{}, {}], tmp_path / 'none.png')
