"""The one reader of images: their size, their pixels, and whether they are whole."""

from __future__ import annotations

import io
import logging
import re
import stat
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from mmengine.logging import print_log
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from .errors import ImageError

MAX_BYTES = 1 << 30
MAX_PIXELS = 200_000_000
MAX_ASPECT = 200  # a detector resizes the short side: a line of pixels would become gigabytes
_ORIENTATION = 0x0112
_JPEG = b'\xff\xd8'
# What each EXIF orientation asks for: transposed first, then turned over rows, over columns.
_TURNS = {2: (0, 0, 1), 3: (0, 1, 1), 4: (0, 1, 0), 5: (1, 0, 0), 6: (1, 0, 1), 7: (1, 1, 1),
          8: (1, 1, 0)}  # fmt: skip
_warned_of_depth = False


def read_image(path: str | Path) -> np.ndarray:
    """Read an image, upright.

    Photos are turned as their EXIF orientation says, transparency is left out, of several pages the
    first is taken. Of 16 bits the upper 8 are taken, unless they would leave less than a quarter of
    the grey levels (thermal cameras): then the levels that occur are stretched to all.

    Args:
        path: A JPEG, PNG, BMP, TIFF or WebP file.

    Returns:
        (H, W, 3) uint8 BGR.

    Raises:
        FileNotFoundError: There is no such file.
        ImageError: It is no image, not whole, or not of a sensible size.
    """
    return decode_image(_read_bytes(Path(path)), str(path))


def decode_image(data: bytes, where: str) -> np.ndarray:
    """Decode an image as :func:`read_image` does.

    Args:
        data: Content of the file.
        where: Its name, for messages.

    Raises:
        ImageError: As :func:`read_image`.
    """
    orientation = _check(data, where)
    is_jpeg = data.startswith(_JPEG)
    image = _decode_jpeg(data, where) if is_jpeg else _decode_other(data, where)
    if orientation in _TURNS:
        transposed, rows, columns = _TURNS[orientation]
        image = image.swapaxes(0, 1) if transposed else image
        image = np.ascontiguousarray(image[:: -1 if rows else 1, :: -1 if columns else 1])
    return image if image.dtype == np.uint8 else _to_8_bits(image, where)


def _decode_jpeg(data: bytes, where: str) -> np.ndarray:
    """Decode a JPEG to what OpenCV makes of it, but take libjpeg's warnings for what they are.

    OpenCV goes on with grey or smeared blocks where the coded data make no sense.
    """
    try:
        return simplejpeg.decode_jpeg(data, 'BGR', strict=True)
    except ValueError as error:
        if not _is_padding(data, str(error)):
            raise ImageError(f'{where}: damaged inside ({error})') from error
    return simplejpeg.decode_jpeg(data, 'BGR', strict=False)


def _is_padding(data: bytes, warning: str) -> bool:
    """Whether a warning is of bytes before the end marker with which cameras fill up a packet."""
    surplus = re.search(r'(\d+) extraneous bytes before marker 0xd9', warning)
    end = data.rfind(b'\xff\xd9')
    return surplus is not None and not data[end - int(surplus[1]) : end].strip(b'\0\xff')


def _decode_other(data: bytes, where: str) -> np.ndarray:
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise ImageError(f'{where}: {error}') from error
    if image is None:
        raise ImageError(f'{where}: not a readable image')
    return image


def image_size(path: str | Path) -> tuple[int, int]:
    """Read the size of an image from its header: that of what :func:`read_image` returns.

    Args:
        path: The file.

    Returns:
        Width and height in pixels.

    Raises:
        FileNotFoundError: There is no such file.
        ImageError: It is no image, or not of a sensible size.
    """
    path = Path(path)
    _require_file(path)
    try:
        with Image.open(path) as image:
            width, height, _ = _shape(image)
    except Exception as error:
        raise _unreadable(error, str(path)) from error
    _check_size(width, height, str(path))
    return width, height


def _read_bytes(path: Path) -> bytes:
    _require_file(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageError(f'{path}: {error.strerror or error}') from error


def _require_file(path: Path) -> None:
    """Refuse what is no file: pipes and devices would be read for ever."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ImageError(f'{path}: {error.strerror or error}') from error
    if not stat.S_ISREG(status.st_mode):
        raise ImageError(f'{path}: not a file (a folder, pipe or device)')
    if status.st_size == 0:
        raise ImageError(f'{path}: the file is empty')
    if status.st_size > MAX_BYTES:
        raise ImageError(f'{path}: {status.st_size} bytes, at most {MAX_BYTES} are read')


def _check(data: bytes, where: str) -> int:
    """Check an image before it is decoded; returns the orientation that is left to be applied."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height, orientation = _shape(image)
            _check_size(width, height, where)
            if image.format == 'TIFF' or not _ends(data):
                image.load()  # notices what is missing or wrong, which OpenCV fills with grey
            # OpenCV turns TIFF files itself, whatever its flags.
            return 1 if image.format == 'TIFF' else orientation
    except ImageError:
        raise
    except Exception as error:
        raise _unreadable(error, where) from error


def _shape(image: Image.Image) -> tuple[int, int, int]:
    """Width and height upright, and orientation; PIL turns the size of TIFF alone by itself."""
    width, height = image.size
    orientation = image.getexif().get(_ORIENTATION, 1)
    if isinstance(image, TiffImageFile):
        width, height = image.tag_v2[256], image.tag_v2[257]
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return width, height, orientation


def _check_size(width: int, height: int, where: str) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(f'{where}: {width} x {height} pixels, at most {MAX_PIXELS} can be used')
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageError(f'{where}: {width} x {height} pixels is a line and no picture')


def _ends(data: bytes) -> bool:
    """Whether a JPEG or PNG has its end marker; those with an appendix are decoded to find out."""
    if data.startswith(_JPEG):
        return b'\xff\xd9' in data[-64:]
    return not data.startswith(b'\x89PNG') or b'IEND' in data[-64:]


def _unreadable(error: Exception, where: str) -> ImageError:
    if isinstance(error, Image.UnidentifiedImageError):
        return ImageError(f'{where}: not a readable image')
    return ImageError(f'{where}: {error}')


def _to_8_bits(image: np.ndarray, where: str) -> np.ndarray:
    global _warned_of_depth
    if image.dtype != np.uint16:
        raise ImageError(f'{where}: pixels of {image.dtype}, 8 or 16 bits are read: convert it')
    low, high = int(image.min()), int(image.max())
    if high - low >= 1 << 14:
        return (image >> 8).astype(np.uint8)
    if not _warned_of_depth:
        _warned_of_depth = True
        print_log(
            f'{where}: 16 bits with levels {low} to {high} only; they and those of further such '
            'images are stretched to 0 to 255, each by its own',
            logger='current',
            level=logging.WARNING,
        )
    return ((image.astype(np.float32) - low) * (255 / max(1, high - low))).round().astype(np.uint8)
