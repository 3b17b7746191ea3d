"""Tracks as label files of YOLO."""

import os

import numpy as np
import pytest
import yaml

from class_tracks import FACTS, TRACKS, frame_result, street, written
from vsd_mot.errors import OutputError
from vsd_mot.video.writers.yolo_labels import YoloLabelWriter


def test_a_file_for_each_frame_with_tracks(tmp_path):
    folder = written(YoloLabelWriter(tmp_path / 'street_yolo', FACTS))
    data = yaml.safe_load((folder / 'data.yaml').read_text())
    assert data['names'] == {0: 'person', 1: 'car'}
    names = sorted(os.listdir(folder / 'labels'))
    assert names == [f'street_{number:06d}.txt' for number in (1, 2, 3, 5)]
    rows = np.loadtxt(folder / 'labels' / names[0], ndmin=2)
    for (track, label, box), (kind, cx, cy, w, h, identity) in zip(TRACKS[0], rows):
        assert (kind, identity) == (label, track)
        back = [(cx - w / 2) * 100, (cy - h / 2) * 80, (cx + w / 2) * 100, (cy + h / 2) * 80]
        assert back == pytest.approx(box, abs=1e-3)


def test_former_labels_are_replaced_as_a_whole_and_strangers_are_not(tmp_path):
    folder = tmp_path / 'street_yolo'
    written(YoloLabelWriter(folder, FACTS))
    written(YoloLabelWriter(folder, FACTS), street()[:1])
    assert os.listdir(folder / 'labels') == ['street_000001.txt']
    assert os.listdir(tmp_path) == ['street_yolo']
    (folder / 'mine.doc').touch()
    with pytest.raises(OutputError, match=r'holds mine\.doc'):
        YoloLabelWriter(folder, FACTS)


def test_files_go_by_the_names_of_the_pictures(tmp_path):
    result = frame_result(3, TRACKS[0], name='cam_000017.jpg')
    folder = written(YoloLabelWriter(tmp_path / 'a', FACTS), [result])
    assert os.listdir(folder / 'labels') == ['cam_000017.txt']


def test_coordinates_stay_within_the_picture(tmp_path):
    writer = YoloLabelWriter(tmp_path / 'a', FACTS)
    tracks = [(1, 0, (-10, -10, 150, 140)), (2, 0, (-30, 0, -10, 40))]
    folder = written(writer, [frame_result(0, tracks)])
    assert (folder / 'labels' / 'street_000001.txt').read_text() == (
        '0 0.500000 0.500000 1.000000 1.000000 1\n'
    )
    assert '1 boxes outside' in writer.remark


def test_giving_up_leaves_nothing(tmp_path):
    writer = YoloLabelWriter(tmp_path / 'a', FACTS)
    writer.write(street()[0], None)
    writer.discard()
    assert not list(tmp_path.iterdir())
    assert YoloLabelWriter(tmp_path / 'a', FACTS).close() is None
    assert not list(tmp_path.iterdir())
