"""Boxes by track, on the disk."""

import pytest

from class_tracks import CLASSES, frame_result, street
from vsd_mot.errors import OutputError
from vsd_mot.video.writers.track_spool import TrackSpool


@pytest.fixture
def spool(tmp_path):
    spool = TrackSpool(tmp_path / 'spool')
    yield spool
    spool.close()
    assert not spool.path.exists()


def test_boxes_come_back_by_track_and_frame(spool):
    for result in reversed(street()):
        spool.add(result)
    tracks = {track: (label, [b.frame for b in boxes]) for track, label, boxes in spool.tracks()}
    assert tracks == {7: (0, [0, 1, 4]), 9: (1, [0, 1, 2])}
    assert (spool.frames, spool.size, spool.names) == (6, (100, 80), CLASSES)


def test_large_identities_are_exact(spool):
    spool.add(frame_result(0, [(2**63 - 1, 5, (0, 0, 9, 9)), (-(2**62), 0, (0, 0, 9, 9))]))
    assert [track for track, _, _ in spool.tracks()] == [-(2**62), 2**63 - 1]
    assert spool.names == (*CLASSES, 'class_2', 'class_3', 'class_4', 'class_5')


def test_a_track_twice_in_a_frame_is_an_error(spool):
    with pytest.raises(OutputError, match='frame 1 has a track twice'):
        spool.add(frame_result(0, [(1, 0, (0, 0, 9, 9)), (1, 0, (5, 5, 9, 9))]))


def test_a_full_disk_is_said(spool):
    spool._table.execute('PRAGMA max_page_count = 1')
    many = frame_result(0, [(track, 0, (0, 0, 9, 9)) for track in range(3000)])
    with pytest.raises(OSError, match='full'):
        spool.add(many)
