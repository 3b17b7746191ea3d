"""Every reader gets the same picture of the same size. A further form of image is one row."""

import io
import os
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from picture_samples import HEIGHT, STORED, UPRIGHT, WIDTH, encoded, turned
from vsd_mot.datasets.transforms import LoadFrame
from vsd_mot.errors import ImageError
from vsd_mot.images import image_size, read_image
from vsd_mot.video import sources


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


def with_noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (96, 128, 3), np.uint8)


def with_hole(hole: bytes, at: float = 0.5) -> bytes:
    """A JPEG some of whose coded data are other bytes; its end marker is whole."""
    data = bytearray(encoded(with_noise(), 'JPEG', quality=90))
    begin = int(len(data) * at)
    data[begin : begin + len(hole)] = hole
    return bytes(data)


def padded(padding: bytes) -> bytes:
    """A JPEG that a camera filled up before its end marker."""
    data = encoded(UPRIGHT, 'JPEG', quality=95)
    return data[:-2] + padding + data[-2:]


def flipped(data: bytes, at: float = 0.5) -> bytes:
    place = int(len(data) * at)
    return data[:place] + bytes([data[place] ^ 8]) + data[place + 1 :]


PICTURES = {
    **{f'{form}, orientation {k}': (f'a.{suffix}', lambda f=form, k=k: turned(f, k))
       for form, suffix in (('JPEG', 'jpg'), ('PNG', 'png'), ('WEBP', 'webp'), ('TIFF', 'tif'))
       for k in STORED},
    'BMP': ('a.bmp', lambda: encoded(UPRIGHT, 'BMP')),
    'alpha': ('a.png', with_alpha),
    'two pages': ('a.tif', pages),
    'suffix of another format': ('a.jpg', lambda: encoded(UPRIGHT, 'PNG')),
    'filled up with zeros': ('a.jpg', lambda: padded(bytes(40))),
    'filled up with ones': ('a.jpg', lambda: padded(b'\xff' * 9)),
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
    'JPEG with zeros inside': (with_hole(bytes(800)), 'damaged inside'),
    'JPEG with noise inside': (with_hole(bytes(range(1, 255)) * 4), 'damaged inside'),
    'JPEG with a marker inside': (with_hole(b'\xff\xd3'), 'damaged inside'),
    'JPEG with text before its end': (padded(b'not padding'), 'damaged inside'),
    'PNG with a flipped bit': (flipped(encoded(with_noise(), 'PNG')), ''),
    'TIFF with a flipped bit': (
        flipped(encoded(with_noise(), 'TIFF', compression='tiff_deflate')),
        '',
    ),
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
