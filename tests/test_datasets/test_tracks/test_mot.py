"""MOTChallenge text as tracks."""

import numpy as np
import pytest

from bright_box_tracker import moving_boxes, write_frames
from class_tracks import flat, street, written
from vsd_mot.datasets.tracks import read_video_tracks
from vsd_mot.errors import MotTextError
from vsd_mot.mot_text import MOT_CLASSES
from vsd_mot.video.writers import MotTextWriter


def sequence(folder, rows, info=''):
    (folder / 'gt').mkdir(parents=True)
    (folder / 'gt' / 'gt.txt').write_text(rows)
    if info:
        (folder / 'seqinfo.ini').write_text(f'[Sequence]\n{info}')
    return folder


def test_results_go_there_and_back(tmp_path):
    table = read_video_tracks(written(MotTextWriter(tmp_path / 'street.txt')))
    assert (table.name, table.classes, table.fps) == ('street', ('pedestrian',), None)
    assert table.scores.tolist() == [0.75] * 6
    expected = [(number, track, 0, box) for number, track, _, box in flat(street())]
    assert flat(table.results()) == expected


def test_ground_truth_of_a_sequence(tmp_path):
    rows = '3,4,10,20,30,40,1,1,0.25\n9,4,10,20,30,40,0,7,1\n'
    info = 'frameRate=25\nseqLength=20\nimWidth=640\nimHeight=480\n'
    table = read_video_tracks(sequence(tmp_path / 'walk', rows, info))
    assert (table.name, table.fps, table.size, table.length) == ('walk', 25, (640, 480), 20)
    assert table.boxes[0].tolist() == [10, 20, 40, 60]
    assert table.ignored.tolist() == [False, True]
    assert table.visibility.tolist() == [0.25, 1]
    assert table.classes == MOT_CLASSES[:7]
    assert [frame.index for frame in table.frames] == [2, 8, 19]
    assert np.array_equal(read_video_tracks(tmp_path / 'walk' / 'gt' / 'gt.txt').ids, table.ids)


def test_positions_are_those_of_the_pictures(tmp_path):
    images = write_frames(tmp_path / 'walk' / 'img1', moving_boxes(3))
    for index, number in enumerate((1, 4, 7)):
        (images / f'frame{index + 1}.png').rename(images / f'{number:06d}.png')
    table = read_video_tracks(sequence(tmp_path / 'walk', '4,1,0,0,9,9\n'))
    assert [(frame.index, frame.number) for frame in table.frames] == [(1, 4), (2, 7)]


def test_mot15_and_detections(tmp_path):
    table = read_video_tracks(sequence(tmp_path / 'a', '1,1,0,0,9,9,1,3.5,2.5,0\n'))
    assert (table.classes, table.visibility.tolist()) == (('pedestrian',), [1])
    (tmp_path / 'det.txt').write_text('1,-1,0,0,9,9,0.5\n1,-1,5,5,9,9,0.5\n')
    assert read_video_tracks(tmp_path / 'det.txt').ids is None


@pytest.mark.parametrize(
    ('rows', 'message'),
    [
        ('1,1,0,0,9,9\n1,1,5,5,9,9\n', 'line 2: track 1 is in frame 1 a second time'),
        ('1,18446744073709551615,0,0,9,9\n', 'has more than 63 bits: number the tracks anew'),
        ('1,1,0,0,9,9,1,80,1\n', 'not the classes 1 to 13'),
    ],
)
def test_what_cannot_be(tmp_path, rows, message):
    with pytest.raises(MotTextError, match=message):
        read_video_tracks(sequence(tmp_path / 'a', rows))


def test_a_class_that_the_list_does_not_name(tmp_path):
    sequence(tmp_path / 'a', '1,1,0,0,9,9,1,1,1\n1,2,0,0,9,9,1,3,1\n')
    (tmp_path / 'a' / 'gt' / 'labels.txt').write_text('zebra\nlion\n')
    with pytest.raises(MotTextError, match=r'line 2: there is no class 3 among the 2 of labels'):
        read_video_tracks(tmp_path / 'a')
