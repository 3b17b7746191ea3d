"""The table and its way back to results."""

import numpy as np

from class_tracks import CLASSES, FACTS, flat, street, written
from vsd_mot.datasets.tracks import read_video_tracks
from vsd_mot.datasets.tracks.table import numbered_frames
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter


def test_some_boxes_of_a_table(tmp_path):
    table = read_video_tracks(written(CvatXmlWriter(tmp_path / 'a.xml', FACTS)))
    people = table.only(table.labels == 0)
    assert flat(people.results()) == [one for one in flat(street()) if one[2] == 0]
    (first, *_) = people.results()
    assert (first.classes, first.size, first.image) == (CLASSES, (100, 80), None)
    assert first.class_names == ['person']


def test_frames_of_numbers():
    frames, places = numbered_frames(np.array([5, 2, 5]), last=9)
    assert [(frame.index, frame.number) for frame in frames] == [(1, 2), (4, 5), (8, 9)]
    assert places.tolist() == [1, 0, 1]
    frames, _ = numbered_frames(np.array([5, 2]), positions={2: 0, 5: 1})
    assert [frame.index for frame in frames] == [0, 1]
