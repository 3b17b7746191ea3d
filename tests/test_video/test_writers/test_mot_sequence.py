"""Tracks as ground truth of MOTChallenge."""

import pytest

from class_tracks import CLASSES, FACTS, flat, frame_result, street, written
from vsd_mot.datasets.tracks import read_video_tracks
from vsd_mot.errors import OutputError
from vsd_mot.mot_layout import read_seqinfo
from vsd_mot.mot_text import read_mot_rows
from vsd_mot.video.writers.mot_sequence import MotSequenceWriter


def test_a_sequence_of_several_classes_goes_there_and_back(tmp_path):
    path = written(MotSequenceWriter(tmp_path / 'street', FACTS))
    assert path == tmp_path / 'street' / 'gt' / 'gt.txt'
    assert path.with_name('labels.txt').read_text() == 'person\ncar\n'
    info = read_seqinfo(tmp_path / 'street')
    assert (info['framerate'], info['seqlength'], info['imwidth']) == ('10', '6', '100')
    # Our tools count people.
    assert read_mot_rows(path).column(8, 0).tolist() == [1, 3, 1, 3, 3, 1]
    table = read_video_tracks(tmp_path / 'street')
    assert (table.classes, table.fps, table.size) == (CLASSES, 10, (100, 80))
    assert flat(table.results()) == flat(street())


def test_classes_of_motchallenge_need_no_list(tmp_path):
    result = frame_result(0, [(1, 0, (0, 0, 9, 9)), (2, 1, (0, 0, 9, 9))],
                          classes=('pedestrian', 'car'))  # fmt: skip
    path = written(MotSequenceWriter(tmp_path / 'a', FACTS), [result])
    assert not path.with_name('labels.txt').exists()
    assert read_mot_rows(path).column(8, 0).tolist() == [1, 3]


def test_without_people_every_row_counts_and_it_is_said(tmp_path):
    writer = MotSequenceWriter(tmp_path / 'a', FACTS)
    path = written(writer, [frame_result(0, [(1, 0, (0, 0, 9, 9))], classes=('zebra',))])
    assert path.read_text() == '1,1,0.00,0.00,9.00,9.00,1,-1,-1,-1\n'
    assert 'none of the classes zebra is person' in writer.remark


def test_a_class_without_a_name_is_refused(tmp_path):
    writer = MotSequenceWriter(tmp_path / 'a', FACTS)
    with pytest.raises(OutputError, match='class 4 has no name'):
        writer.write(frame_result(0, [(1, 4, (0, 0, 9, 9))]), None)
