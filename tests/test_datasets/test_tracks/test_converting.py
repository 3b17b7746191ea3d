"""From one format to the next, and what is lost on the way."""

import pytest

from class_tracks import CLASSES, FACTS, flat, street, written
from vsd_mot.datasets.tracks import convert_tracks, read_video_tracks
from vsd_mot.errors import DataFileError, OutputError
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter


@pytest.fixture
def source(tmp_path):
    return written(CvatXmlWriter(tmp_path / 'street.xml', FACTS))


def test_around_all_formats_that_are_read(source, tmp_path):
    steps = [('mot-gt', 'street'), ('coco', 'a.json'), ('cvat', 'b.xml')]
    path = source
    for to, name in steps:
        lines = convert_tracks(path, tmp_path / name, to=to, fps=10)
        assert lines[-1].startswith('6 boxes of 2 tracks -> ')
        path = tmp_path / name
    table = read_video_tracks(path)
    assert flat(table.results()) == flat(street())
    assert (table.classes, table.size, table.length) == (CLASSES, (100, 80), 6)
    assert path.read_text() == source.read_text()


def test_what_a_format_cannot_hold_is_said(tmp_path):
    (tmp_path / 'gt').mkdir()
    path = tmp_path / 'gt' / 'gt.txt'
    path.write_text('1,1,0,0,9,9,1,1,1\n1,2,0,0,9,9,0,1,1\n')
    lines = convert_tracks(path, tmp_path / 'a.csv', to='csv')
    assert lines[0] == '1 boxes of objects that do not count are left out'
    assert 'does not say a frame rate, taken as 30' in lines[1]
    assert len((tmp_path / 'a.csv').read_text().splitlines()) == 2
    for to in ('yolo', 'coco', 'label-studio'):
        with pytest.raises(OutputError, match=f'which {to} needs: say it with --size'):
            convert_tracks(path, tmp_path / to, to=to)
        assert not (tmp_path / to).exists()
    convert_tracks(path, tmp_path / 'yolo', to='yolo', size=(18, 9))
    (labels,) = (tmp_path / 'yolo' / 'labels').iterdir()
    assert labels.read_text() == '0 0.250000 0.500000 0.500000 1.000000 1\n'


def test_nothing_is_replaced_and_detections_are_no_tracks(source, tmp_path):
    with pytest.raises(OutputError, match='is there already'):
        convert_tracks(source, source, to='cvat')
    (tmp_path / 'det.txt').write_text('1,-1,0,0,9,9,0.5\n')
    with pytest.raises(DataFileError, match='holds detections, which have no identities'):
        convert_tracks(tmp_path / 'det.txt', tmp_path / 'a.csv', to='csv')
