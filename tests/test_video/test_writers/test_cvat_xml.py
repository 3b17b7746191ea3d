"""Tracks for CVAT."""

import os
import xml.etree.ElementTree as ET

import numpy as np
import torch

from class_tracks import CLASSES, FACTS, flat, frame_result, street, written
from vsd_mot.datasets.tracks import read_video_tracks
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter, xml_text


def test_tracks_pause_and_end_by_boxes_that_are_outside(tmp_path):
    root = ET.parse(written(CvatXmlWriter(tmp_path / 'a.xml', FACTS))).getroot()
    task = root.find('meta/task')
    assert task.findtext('size') == '6'
    assert task.findtext('original_size/width') == '100'
    assert [name.text for name in task.iterfind('labels/label/name')] == list(CLASSES)
    person, car = root.findall('track')
    assert (person.get('id'), person.get('label'), car.get('label')) == ('7', 'person', 'car')
    frames = [(box.get('frame'), box.get('outside')) for box in person]
    assert frames == [('0', '0'), ('1', '0'), ('2', '1'), ('4', '0'), ('5', '1')]
    assert [(box.get('frame'), box.get('outside')) for box in car][-1] == ('3', '1')
    assert car[0].get('xtl') == '50.50'
    assert os.listdir(tmp_path) == ['a.xml']  # the spool is gone


def test_round_trip(tmp_path):
    path = written(CvatXmlWriter(tmp_path / 'a.xml', FACTS))
    table = read_video_tracks(path)
    assert (table.name, table.classes, table.size, table.length) == (
        'street',
        CLASSES,
        (100, 80),
        6,
    )
    assert flat(table.results()) == flat(street())


def test_what_does_not_count_and_is_hidden_is_kept(tmp_path):
    result = frame_result(0, [(1, 0, (0, 0, 9, 9)), (2, 0, (5, 5, 9, 9))])
    result.pred_track_instances.ignored = torch.tensor([True, False])
    result.pred_track_instances.visibility = torch.tensor([0.9, 0.2])
    table = read_video_tracks(written(CvatXmlWriter(tmp_path / 'a.xml', FACTS), [result]))
    assert table.ignored.tolist() == [True, False]
    assert table.visibility.tolist() == [1, 0]


def test_a_track_of_two_classes_has_the_more_frequent_one_and_it_is_said(tmp_path):
    frames = [frame_result(i, [(1, label, (0, 0, 9, 9))]) for i, label in enumerate((0, 1, 1))]
    writer = CvatXmlWriter(tmp_path / 'a.xml', FACTS)
    table = read_video_tracks(written(writer, frames))
    assert table.labels.tolist() == [1, 1, 1]
    assert '1 tracks change their class' in writer.remark


def test_names_are_text(tmp_path):
    names = ('a<b> & "c"\x00\x07', 'zebra é 走')
    frames = [frame_result(0, [(1, 0, (0, 0, 9, 9)), (2, 1, (0, 0, 9, 9))], classes=names)]
    table = read_video_tracks(written(CvatXmlWriter(tmp_path / 'a.xml', FACTS), frames))
    assert table.classes == ('a<b> & "c"\ufffd\ufffd', 'zebra é 走')
    assert xml_text('\ud800') == '\ufffd'


def test_boxes_without_an_area_are_left_out_and_said(tmp_path):
    writer = CvatXmlWriter(tmp_path / 'a.xml', FACTS)
    written(writer, [frame_result(0, [(1, 0, (5, 5, 5, 9)), (2, 0, (0, 0, 9, 9))])])
    assert '1 boxes without an area' in writer.remark
    assert np.unique(read_video_tracks(tmp_path / 'a.xml').ids).tolist() == [2]
