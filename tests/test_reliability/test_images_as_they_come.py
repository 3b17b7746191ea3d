"""Pictures of any form and size go through the commands."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from picture_samples import HEIGHT, WIDTH, turned
from vsd_mot.commands import convert_mot, degrade
from vsd_mot.images import image_size, read_image


def sequence(root: Path, data: bytes, suffix: str) -> Path:
    folder = root / 'S1'
    (folder / 'img1').mkdir(parents=True)
    for number in (1, 2):
        (folder / 'img1' / f'{number:06d}{suffix}').write_bytes(data)
    (folder / 'gt').mkdir()
    (folder / 'gt' / 'gt.txt').write_text('1,1,2,30,10,12,1,1,1\n2,1,2,30,10,12,1,1,1\n')
    return folder


def test_turned_photos_keep_their_boxes(tmp_path, capsys):
    sequence(tmp_path / 'data', turned('JPEG', 6), '.jpg')
    assert convert_mot.main([str(tmp_path / 'data')]) == 0
    assert 'outside' not in capsys.readouterr().out
    text = (tmp_path / 'data' / 'annotations' / 'all.json').read_text()
    assert f'"height": {HEIGHT}, "width": {WIDTH}' in text


@pytest.mark.parametrize('suffix', ['.png', '.webp', '.bmp', '.tif', '.jpg'])
@pytest.mark.parametrize('side', [(HEIGHT, WIDTH), (8, 12), (3, 5), (37, 63)])
def test_make_lq_of_any_format_and_size(tmp_path, suffix, side, capsys):
    image = np.random.default_rng(0).integers(0, 255, (*side, 3), np.uint8)
    sequence(tmp_path / 'data', cv2.imencode(suffix, image)[1].tobytes(), suffix)
    assert degrade.main([str(tmp_path / 'data'), str(tmp_path / 'lq'), '--workers', '1']) == 0
    assert 'complete and verified' in capsys.readouterr().out
    assert read_image(tmp_path / 'lq' / 'S1' / 'img1' / f'000001{suffix}').shape == (*side, 3)


def test_make_lq_of_turned_photos(tmp_path, capsys):
    sequence(tmp_path / 'data', turned('JPEG', 6), '.jpg')
    assert degrade.main([str(tmp_path / 'data'), str(tmp_path / 'lq'), '--workers', '1']) == 0
    capsys.readouterr()
    assert image_size(tmp_path / 'lq' / 'S1' / 'img1' / '000001.jpg') == (WIDTH, HEIGHT)
