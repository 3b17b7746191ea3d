"""Clips of videos with masks: draws and the numbers of objects."""

import numpy as np

from vsd_mot.datasets.mask_clips.clip_dataset import objects_of_first, reflected


def test_frames_beyond_the_end_turn_back():
    assert reflected(np.array([3, 4, 6, 7, 9]), 5) == [3, 4, 2, 1, 1]
    assert reflected(np.array([0, 5]), 1) == [0, 0]


def test_objects_of_the_first_frame_are_numbered_from_one():
    first = np.array([[0, 7, 3], [-1, 3, 3]])
    later = np.array([[9, 7, 0], [3, -1, 0]])
    found = objects_of_first([first, later])
    assert found[0].tolist() == [[0, 2, 1], [255, 1, 1]]
    assert found[1].tolist() == [[0, 2, 0], [1, 255, 0]]
    np.random.seed(0)
    assert set(np.unique(objects_of_first([np.arange(20)[None]], most=5)[0])) == set(range(6))
