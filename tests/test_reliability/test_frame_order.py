"""Frames are in the order of time, whatever their names are. A further form of names is one row."""

import json

import cv2
import numpy as np
import pytest

from vsd_mot.commands import convert_mot
from vsd_mot.errors import SourceError
from vsd_mot.mot_layout import numbered_images
from vsd_mot.video.sources import FolderSource

COUNTED = None  # from 1, in the order of the names
NAMES = {
    'numbers': (['000001', '000002', '000010'], [1, 2, 10]),
    'no zeros in front': (['f2', 'f9', 'f10'], [2, 9, 10]),
    'gaps': (['img_0001', 'img_0005', 'img_0009'], [1, 5, 9]),
    'letters differ': (['b_1', 'a_2', 'a_10'], [1, 2, 10]),
    'a number in front that stays': (['cam2_0007', 'cam2_0008'], [7, 8]),
    'date and number': (['2024-05-01_0099', '2024-05-01_0100'], [99, 100]),
    'seconds with a fraction': (
        ['1305031102.175304', '1305031102.511304', '1305031103.211334', '1305031104.043213'],
        COUNTED,
    ),
    'fractions of several lengths': (['1305031102.25', '1305031102.5', '1305031103.05'], COUNTED),
    'fractions of one second': (['1305031102.05', '1305031102.175', '1305031102.2'], COUNTED),
    'clock': (
        ['cam_2024-05-01_12-58-50', 'cam_2024-05-01_12-58-59', 'cam_2024-05-01_12-59-02'],
        COUNTED,
    ),
    'clock, over midnight': (['2024-05-01_23-59-59', '2024-05-02_00-00-00'], COUNTED),
    'clock in one number': (['20240501_125959', '20240502_000000'], COUNTED),
    'seconds and nanoseconds': (['17_999999999', '18_000000001', '18_500000000'], COUNTED),
    'milliseconds': (['1700000000000', '1700000000033', '1700000000066'],
                     [1700000000000, 1700000000033, 1700000000066]),
    'nanoseconds': (['1403636579763555584', '1403636580263555584'],
                    [1403636579763555584, 1403636580263555584]),
}  # fmt: skip


def write(folder, names, suffix='.png'):
    """Images whose grey level is their place in time; written in another order."""
    folder.mkdir(parents=True)
    for place, name in reversed(list(enumerate(names))):
        cv2.imwrite(str(folder / f'{name}{suffix}'), np.full((16, 24, 3), 10 * place, np.uint8))
    return folder


@pytest.mark.parametrize('kind', NAMES)
def test_frames_in_the_order_of_time(tmp_path, kind, capsys):
    names, numbers = NAMES[kind]
    folder = write(tmp_path / 'walk' / 'img1', names)
    source = FolderSource(folder)
    assert (source.note is not None) == (numbers is COUNTED)
    frames = list(source)
    assert [frame.image[0, 0, 0] // 10 for frame in frames] == list(range(len(names)))
    wanted = numbers or list(range(1, len(names) + 1))
    assert [frame.number for frame in frames] == wanted
    found = numbered_images(folder)
    assert list(found) == wanted
    assert [path.stem for path in found.values()] == names
    assert convert_mot.main([str(tmp_path / 'walk'), '-o', str(tmp_path / 'out')]) == 0
    report = capsys.readouterr().out
    content = json.loads((tmp_path / 'out' / 'test.json').read_text())
    images = sorted(content['images'], key=lambda image: image['frame_id'])
    assert [image['file_name'].rsplit('/')[-1][:-4] for image in images] == names
    assert ('no frame numbers' in report) == (numbers is COUNTED)


def test_gaps_of_nanoseconds_are_counted_not_listed(tmp_path, capsys):
    write(tmp_path / 'walk' / 'img1', NAMES['nanoseconds'][0])
    assert convert_mot.main([str(tmp_path / 'walk'), '-o', str(tmp_path / 'out')]) == 0
    assert '499999999 x frame missing' in capsys.readouterr().out.replace(' ', ' ')


def test_folder_without_images(tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(SourceError, match='no images in the folder'):
        FolderSource(tmp_path / 'empty')
