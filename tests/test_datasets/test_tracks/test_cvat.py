"""CVAT's XML as tracks, as CVAT exports it and as it must not be."""

import numpy as np
import pytest

from vsd_mot.datasets.tracks import cvat, read_video_tracks
from vsd_mot.datasets.tracks.cvat import between_keys
from vsd_mot.errors import DataFileError

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><id>4</id><name>yard</name><size>8</size><mode>interpolation</mode>
    <start_frame>0</start_frame><stop_frame>7</stop_frame><frame_filter></frame_filter>
    <labels><label><name>car</name><color>#fa3253</color><attributes></attributes></label>
    <label><name>person</name><color>#2080c0</color><attributes></attributes></label></labels>
    <owner><username>ann</username></owner>
    <original_size><width>640</width><height>480</height></original_size></task></meta>
"""


def box(frame, x=10.0, outside=0, occluded=0, inner='', **replaced):
    values = dict(
        frame=frame, keyframe=1, outside=outside, occluded=occluded,
        xtl=x, ytl=20, xbr=x + 30, ybr=80, z_order=0,
    )  # fmt: skip
    values.update(replaced)
    attributes = ' '.join(f'{name}="{value}"' for name, value in values.items())
    return f'<box {attributes}>{inner}</box>\n'


def track(*boxes, identity=0, label='person'):
    return f'<track id="{identity}" label="{label}" source="manual">\n{"".join(boxes)}</track>\n'


def write(path, *tracks, head=HEAD):
    path.write_text(head + ''.join(tracks) + '</annotations>\n')
    return path


def read(path, *tracks):
    return read_video_tracks(write(path / 'a.xml', *tracks))


def test_what_is_in_a_file(tmp_path):
    hidden = '<attribute name="ignored">true</attribute>'
    table = read(
        tmp_path,
        track(box(0), box(1, 12, occluded=1), box(2, outside=1), identity=3),
        track(box(7, 100.5, inner=hidden), identity=1, label='car'),
    )
    assert (table.name, table.classes, table.size) == ('yard', ('car', 'person'), (640, 480))
    assert (table.length, table.fps) == (8, None)
    assert table.ids.tolist() == [3, 3, 1]
    assert table.labels.tolist() == [1, 1, 0]
    assert table.boxes[2].tolist() == [100.5, 20, 130.5, 80]
    assert table.visibility.tolist() == [1, 0, 1]
    assert table.ignored.tolist() == [False, False, True]
    assert [table.frames[row].number for row in table.rows] == [1, 2, 8]


def test_boxes_between_key_frames_lie_on_the_line(tmp_path):
    table = read(tmp_path, track(box(1, 10), box(3, 20), box(5, 0, outside=1)))
    assert [frame.number for frame in table.frames] == [2, 3, 4, 5, 8]
    assert table.boxes[:, 0].tolist() == [10, 15, 20, 20]  # it stays until it is outside


def test_a_track_without_an_end_goes_on_to_the_last_frame(tmp_path):
    assert len(read(tmp_path, track(box(5)))) == 3
    row = np.array([[5, 0, 0, 0, 1, 2, 3, 4.0]])
    assert len(between_keys(row, None)) == 1


@pytest.mark.parametrize(
    ('tracks', 'message'),
    [
        ([track(box(0)), track(box(1))], r'line 13: track 0 is there already, in line 10'),
        ([track(box(0), box(0))], r'line 12: track 0 is in frame 0 a second time'),
        ([track(box(0, xtl='nan'))], r'line 11: a box that is not finite'),
        ([track(box(0, xtl='wide'))], r"line 11: xtl='wide' is no number"),
        ([track(box(0, xbr=5))], r'line 11: a box of negative size'),
        ([track(box(0, ybr=1e7))], r'line 11: .* reaches beyond'),
        ([track(box(-1))], r"line 11: frame='-1' is no whole number"),
        ([track(box(0, outside='maybe'))], r"line 11: outside='maybe' is neither 0 nor 1"),
        ([track(box('1.5'))], r"frame='1\.5' is no whole number"),
        ([track(box(10**15))], 'is no whole number from 0 to'),
        ([track(box(9))], r'line 10: track 0 has frame 9, and the last frame of the task is 7'),
        ([track(box(0), identity='x')], "id='x' is no whole number"),
        ([track(box(0), identity=10**25)], 'is no whole number'),
        (['<image id="0" name="a.jpg"></image>'], 'line 10: images without tracks'),
        (['<track id="1">'], 'not XML|no label'),
        ([track(box(0)), '<track>'], 'line 13: id='),
    ],
)
def test_what_cannot_be_is_named_with_its_line(tmp_path, tracks, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, *tracks)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'not XML: no element found'),
        ('no xml', 'not XML'),
        ('<html></html>', 'begins with <html>'),
        ('<annotations>' + '<a>' * 70, 'nested more than 64 levels'),
        ('<annotations><track id="0" label="a">', 'not XML: no element found'),
        (
            '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><annotations>&e;</annotations>',
            'has a DTD or entities',
        ),
        (
            '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><annotations>&b;</annotations>',
            'has a DTD or entities',
        ),
        ('<?xml version="1.0" encoding="klingon"?><annotations/>', 'XML'),
    ],
)
def test_what_is_no_file_of_cvat(tmp_path, text, message):
    (tmp_path / 'a.xml').write_text(text)
    with pytest.raises(DataFileError, match=message):
        read_video_tracks(tmp_path / 'a.xml')


def test_few_bytes_do_not_become_many_boxes(tmp_path, monkeypatch):
    monkeypatch.setattr(cvat, 'MAX_BOXES', 5)
    with pytest.raises(DataFileError, match='more than 5 boxes, with those between'):
        read(tmp_path, track(box(0)))


def test_other_shapes_are_counted(tmp_path):
    shape = '<polygon frame="0" points="1,2;3,4;5,6"></polygon>'
    table = read(tmp_path, track(shape, box(0), box(1, outside=1)))
    assert len(table) == 1
    assert '1 shapes that are no boxes are left out' in table.remarks[0]


def test_a_file_without_tracks(tmp_path):
    table = read(tmp_path)
    assert (len(table), table.length) == (0, 8)
    assert [result.number for result in table.results()] == [8]
