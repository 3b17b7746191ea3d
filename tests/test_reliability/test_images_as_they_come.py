"""Every reader sees the same picture of the same size. A further form of image is one row."""

import io
import os
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from vsd_mot.commands import convert_mot, degrade
from vsd_mot.datasets.transforms import LoadFrame
from vsd_mot.errors import ImageError
from vsd_mot.images import image_size, read_image
from vsd_mot.video import sources

HEIGHT, WIDTH = 44, 28
UPRIGHT = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
UPRIGHT[:22] = (40, 90, 200)
UPRIGHT[:, 14:] += 50
# What a camera stores for each EXIF orientation, of the upright picture.
STORED = {
    1: lambda image: image,
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: np.rot90(image, 1),  # shown turned clockwise
    7: lambda image: image[::-1, ::-1].swapaxes(0, 1),
    8: lambda image: np.rot90(image, -1),
}


def encoded(image: np.ndarray, form: str, **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[..., ::-1])).save(buffer, form, **options)
    return buffer.getvalue()


def turned(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(STORED[orientation](UPRIGHT), form, exif=exif, quality=95)


def deep(low: int, high: int, suffix: str = '.png') -> bytes:
    ramp = np.linspace(low, high, HEIGHT * WIDTH).astype(np.uint16).reshape(HEIGHT, WIDTH)
    return cv2.imencode(suffix, ramp)[1].tobytes()


def pages() -> bytes:
    first, second = Image.fromarray(UPRIGHT[..., ::-1]), Image.new('RGB', (9, 9))
    buffer = io.BytesIO()
    first.save(buffer, 'TIFF', save_all=True, append_images=[second])
    return buffer.getvalue()


def with_alpha() -> bytes:
    image = np.dstack((UPRIGHT, np.full((HEIGHT, WIDTH), 7, np.uint8)))
    return cv2.imencode('.png', image)[1].tobytes()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims a size."""
    data = bytearray(encoded(UPRIGHT, 'PNG'))
    data[16:24] = width.to_bytes(4, 'big') + height.to_bytes(4, 'big')
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, 'big')
    return bytes(data)


PICTURES = {
    **{f'{form}, orientation {k}': (f'a.{suffix}', lambda f=form, k=k: turned(f, k))
       for form, suffix in (('JPEG', 'jpg'), ('PNG', 'png'), ('WEBP', 'webp'), ('TIFF', 'tif'))
       for k in STORED},
    'BMP': ('a.bmp', lambda: encoded(UPRIGHT, 'BMP')),
    'alpha': ('a.png', with_alpha),
    'two pages': ('a.tif', pages),
    'suffix of another format': ('a.jpg', lambda: encoded(UPRIGHT, 'PNG')),
    'appendix': ('a.jpg', lambda: encoded(UPRIGHT, 'JPEG', quality=95) + b'MOTION' * 99),
}  # fmt: skip


@pytest.mark.parametrize('kind', PICTURES)
def test_all_readers_agree(tmp_path, kind):
    name, make = PICTURES[kind]
    path = tmp_path / name
    path.write_bytes(make())
    image = read_image(path)
    assert image_size(path) == (WIDTH, HEIGHT)
    assert image.dtype == np.uint8
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(image.astype(int) - UPRIGHT).mean() < 6
    np.testing.assert_array_equal(sources.read_image(path)[0], image)
    load = LoadFrame()
    for _ in range(2):  # the second time from its memory
        np.testing.assert_array_equal(load(dict(img_path=str(path)))['img'], image)


@pytest.mark.parametrize('suffix', ['.png', '.tif'])
def test_few_levels_of_16_bits_are_stretched(tmp_path, suffix):
    path = tmp_path / f'thermal{suffix}'
    path.write_bytes(deep(7152, 8080, suffix))
    image = read_image(path)
    assert (image.min(), image.max()) == (0, 255)
    assert len(np.unique(image)) == 256
    path.write_bytes(deep(0, 65535, suffix))
    assert (read_image(path) == (cv2.imread(str(path), cv2.IMREAD_COLOR))).all()
    path.write_bytes(deep(500, 500, suffix))
    assert read_image(path).max() == 0


FAULTS = {
    'empty': (b'', 'the file is empty'),
    'text': (b'hello world', 'not a readable image'),
    'web page': (b'<html><body>404</body></html>', 'not a readable image'),
    'cut JPEG': (encoded(UPRIGHT, 'JPEG')[:-200], ''),
    'cut PNG': (encoded(UPRIGHT, 'PNG')[:-40], ''),
    'cut BMP': (encoded(UPRIGHT, 'BMP')[:-400], ''),
    'cut TIFF': (encoded(UPRIGHT, 'TIFF')[: HEIGHT * WIDTH], ''),
    'cut WebP': (encoded(UPRIGHT, 'WEBP')[:-40], ''),
    'claims 10^10 pixels': (bomb(100_000, 100_000), 'pixels'),
    'claims no pixels': (bomb(0, 5), ''),
    'a line': (encoded(np.zeros((2, 4000, 3), np.uint8), 'PNG'), 'is a line and no picture'),
}


@pytest.mark.parametrize('kind', FAULTS)
def test_what_is_no_picture_is_named(tmp_path, kind):
    content, message = FAULTS[kind]
    path = tmp_path / 'a.jpg'
    path.write_bytes(content)
    with pytest.raises(ImageError, match=rf'a\.jpg: .*{message}'):
        read_image(path)
    image, fault = sources.read_image(path)
    assert image is None
    assert 'a.jpg' in fault
    with pytest.raises(ValueError, match=r'a\.jpg cannot be read as an image'):
        LoadFrame()(dict(img_path=str(path)))


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / 'pipe.jpg')
    (tmp_path / 'device.jpg').symlink_to('/dev/zero')
    for name in ('pipe.jpg', 'device.jpg'):
        for read in (read_image, image_size):
            with pytest.raises(ImageError, match='not a file'):
                read(tmp_path / name)
    for read in (read_image, image_size):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / 'nowhere.jpg')


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


def test_frames_of_a_reused_buffer_are_copied():
    buffer = np.zeros((4, 6, 3), np.uint8)

    def reuse():
        for level in range(3):
            buffer[:] = level
            yield buffer

    assert [frame.image.max() for frame in list(sources.ArraySource(reuse()))] == [0, 1, 2]
