"""Stills become clips."""

import numpy as np
import pytest

from preprocess_examples import EXAMPLES, assert_like, clip_of, example_frame
from vsd_mot.datasets.transforms import (
    RandomShiftClip,
)
from vsd_mot.datasets.transforms.random_shift import shift_frame


@pytest.mark.parametrize(
    ('name', 'y', 'x'),
    [
        ('random_shift_y7_x_minus12_region_0_12_113_188', 7, -12),
        ('random_shift_y_minus30_x25_region_30_0_90_175', -30, 25),
    ],
)
def test_shift(name, y, x):
    frame = example_frame()
    before = frame['img'].copy()
    assert_like(shift_frame(frame, y, x), EXAMPLES[name])
    np.testing.assert_array_equal(frame['img'], before)


def test_object_at_the_far_edge_survives_a_shift():
    frame = example_frame()
    frame['gt_bboxes'] = np.array([[185, 100, 199, 119]] * 4, np.float32)
    # The content moves left by 12 and up by 7: the corner stays in view, and the enlarged box
    # begins beyond the cut-out's size, where the published code would drop it.
    shifted = shift_frame(frame, -7, -12)
    assert len(shifted['gt_bboxes']) == 4
    assert shifted['gt_bboxes'][0, 0] > 180


def test_shift_is_cumulative_and_the_same_for_all_frames():
    np.random.seed(5)
    clip = RandomShiftClip(max_shift=8)(clip_of([example_frame() for _ in range(4)]))
    np.testing.assert_array_equal(clip['img'][0], example_frame()['img'])
    first = clip['gt_bboxes'][0]
    signs = set()
    frame = example_frame()
    candidates = [(y, x) for y in range(-8, 9) for x in range(-8, 9) if y and x]
    (shift,) = [
        shift
        for shift in candidates
        if np.allclose(shift_frame(frame, *shift)['gt_bboxes'], clip['gt_bboxes'][1], atol=1e-4)
    ]
    for later in clip['gt_bboxes'][1:]:
        frame = shift_frame(frame, *shift)
        np.testing.assert_allclose(later, frame['gt_bboxes'], atol=1e-4)
        signs.add(tuple(np.sign(later[0, :2] - first[0, :2])))
    assert len(signs) == 1


def test_shift_of_a_tiny_image_leaves_something_of_it():
    frame = example_frame()
    frame['img'] = frame['img'][:6, :6]
    for seed in range(20):
        np.random.seed(seed)
        clip = RandomShiftClip(max_shift=50)(clip_of([dict(frame) for _ in range(3)]))
        assert all(image.shape == (6, 6, 3) for image in clip['img'])
