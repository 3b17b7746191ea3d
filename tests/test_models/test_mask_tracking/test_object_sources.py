"""Which objects are followed: annotated masks, and the tracks of a box tracker."""

import numpy as np
import pytest

from mask_tracks import SIZE, picture, tracks
from tiny_masks import square, tiny_tracker
from vsd_mot.models.mask_tracking import label_map_of


def test_tracks_get_their_masks():
    tracker = tiny_tracker(objects=dict(type='TrackedBoxes'))
    found = tracker.follow(picture(), tracks=tracks(0, 4))
    assert found.instances_id.tolist() == [0, 4]
    # ellipses inscribed in the boxes
    assert found.masks[0, 7, 7]
    assert not found.masks[0, 2, 2]
    assert found.masks[:, :2].sum() == 0
    assert tracker.follow(picture(1), tracks=tracks()).masks.shape == (0, *SIZE)


def test_the_box_tracker_says_who_lives():
    tracker = tiny_tracker(objects=dict(type='TrackedBoxes', patience=2))
    tracker.follow(picture(), tracks=tracks(1, 2))
    for seed in range(3):
        tracker.follow(picture(seed), tracks=tracks(1))
    assert tracker.segmenter.table.identities == [1]
    found = tracker.follow(picture(9), tracks=tracks(1, 2))  # it comes back
    assert tracker.segmenter.table.identities == [1, 2]
    assert found.masks.flatten(1).any(1)[1]


def test_births_are_collected():
    tracker = tiny_tracker(objects=dict(type='TrackedBoxes', birth_gap=3))
    followed = []
    for frame in range(5):
        tracker.follow(picture(frame), tracks=tracks(*range(frame + 1)))
        followed.append(len(tracker.segmenter.table.identities))
    assert followed == [1, 1, 1, 4, 4]


def test_overlapping_first_masks_go_to_the_lowest_identity():
    masks = np.stack([square(SIZE, (0, 0), 10), square(SIZE, (5, 5), 10)])
    labels = label_map_of(masks, (9, 2))
    assert labels[7, 7] == 2
    assert labels[0, 0] == 9
    assert set(labels.unique().tolist()) == {0, 2, 9}


def test_boxes_without_a_tracker_are_refused():
    with pytest.raises(ValueError, match='TrackedBoxes needs a box tracker'):
        tiny_tracker(objects=dict(type='TrackedBoxes')).follow(picture())
