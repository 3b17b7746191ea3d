"""The MOTChallenge layout: sequence folders with ``img1/000001.jpg`` and ``seqinfo.ini``.

All that reads such folders shares these rules, so that one tool sees the same sequences, images
and frame numbers as the next.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp')
DEFAULT_FPS = 30.0  # where nothing says a frame rate
IMAGE_FOLDER = 'img1'
_MAX_DEPTH = 3


def image_folder(sequence: Path) -> Path:
    """Return the folder with a sequence's images: ``img1``, unless ``seqinfo.ini`` names another.

    Args:
        sequence: The sequence folder.

    Raises:
        ValueError: ``imDir`` is not the name of a folder in the sequence; it would lead elsewhere.
    """
    name = read_seqinfo(sequence).get('imdir', '').strip() or IMAGE_FOLDER
    if '/' in name or '\\' in name or name in ('.', '..') or not name.isprintable():
        raise ValueError(
            f'{sequence / "seqinfo.ini"}: imDir={name!r} must be the name of a folder right in the '
            "sequence, such as img1 (the evaluation takes the folder around it as the sequence's "
            'name)'
        )
    return sequence / name


@lru_cache(maxsize=1024)
def sequence_around(images: Path) -> Path:
    """Return the sequence that a folder of images belongs to.

    Args:
        images: The folder.

    Returns:
        The folder around it, where that has its images in there; else itself.

    Raises:
        ValueError: As :func:`image_folder`.
    """
    inside = image_folder(images.parent).name == images.name
    return images.parent if inside else images


def is_sequence(folder: Path) -> bool:
    """Whether a folder looks like a sequence."""
    return (folder / 'seqinfo.ini').is_file() or (folder / IMAGE_FOLDER).is_dir()


def find_sequences(folder: Path) -> list[Path]:
    """Find the sequences in a folder, which may be one itself; links to folders are followed.

    Args:
        folder: Searched three levels deep, hidden folders left out. Sequences are not
            searched for further ones.

    Returns:
        Sequence folders, sorted by path; empty where the folder is missing.
    """
    return _search(folder, _MAX_DEPTH) if folder.is_dir() else []


def sequences_below(folders: Iterable[Path]) -> list[Path]:
    """Find the sequences of several folders, each of which must have some.

    Args:
        folders: See :func:`find_sequences`.

    Returns:
        In the order of the folders, each sequence once.

    Raises:
        FileNotFoundError: A folder is missing.
        ValueError: A folder has no sequence, or two sequences have one name: what is stored by
            name would be that of the last.
    """
    by_name: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f'there is no folder {folder}')
        sequences = find_sequences(folder)
        if not sequences:
            raise ValueError(f'no sequences in {folder} (folders with {IMAGE_FOLDER}/)')
        for sequence in sequences:
            other = by_name.setdefault(sequence.name, sequence)
            if other.resolve() != sequence.resolve():
                raise ValueError(
                    f'{other} and {sequence} have one name, by which sequences are stored: rename '
                    'one, or name their folders in two calls'
                )
    return list(by_name.values())


def _search(folder: Path, depth: int) -> list[Path]:
    if is_sequence(folder):
        return [folder]
    if depth == 0:
        return []
    inner = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith('.'))
    return [sequence for path in inner for sequence in _search(path, depth - 1)]


# Seconds since 1970 with a fraction are one number: 1.5 comes after 1.25.
_PARTS = re.compile(r'((?<![\d.])\d{9,}\.\d+(?!\d)|\d+)')


def natural_key(name: str) -> list:
    """Sort key with which ``frame2.png`` comes before ``frame10.png``.

    Time stamps in seconds (``1305031102.175304.jpg``) are compared as numbers.
    """
    return [Decimal(p) if p[:1].isdecimal() else p.lower() for p in _PARTS.split(name)]


def list_images(folder: Path) -> list[Path]:
    """List the images in a folder in natural order, hidden ones left out; none if it is missing."""
    if not folder.is_dir():
        return []
    images = (
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in IMAGE_SUFFIXES
        and not path.name.startswith('.')
        and not path.is_dir()
    )
    return sorted(images, key=lambda path: natural_key(path.name))


def frame_number(image: Path) -> int | None:
    """Read the number at the end of an image's name: 7 of ``frame_000007.jpg``, else None."""
    digits = re.search(r'\d+$', image.stem, re.ASCII)
    return int(digits[0]) if digits else None


def frame_numbers(images: list[Path]) -> list[int] | None:
    """Read the frame numbers of a sequence's images, if their names have them.

    The digits at the end are one where all digits before them are the same in all names. In
    ``cam_2024-05-01_12-58-59.jpg`` or ``1305031102.175304.jpg`` they are not: the last ones are
    the seconds of a clock, or the fraction of one.

    Args:
        images: The images.

    Returns:
        Numbers in the order of the images, possibly some twice; None where the names have none.
    """
    numbers, before = [], set()
    for image in images:
        number = frame_number(image)
        if number is None:
            return None
        start = re.sub(r'\d+$', '', image.stem, flags=re.ASCII)
        if re.search(r'\d{9,}\.$', start):
            return None  # seconds since 1970
        numbers.append(number)
        before.add(tuple(re.findall(r'\d+', start)))
    return numbers if len(before) == 1 else None


def stamp_unit(numbers: list[int]) -> float | None:
    """Return the unit, in seconds, of frame numbers that are times of this century, else None.

    Args:
        numbers: From :func:`frame_numbers`, such as 1403636579763555584 (nanoseconds since 1970).
    """
    for unit in (1.0, 1e-3, 1e-6, 1e-9):
        if all(1e9 <= number * unit < 4.2e9 for number in numbers):
            return unit
    return None


def numbered_images(folder: Path) -> dict[int, Path]:
    """List the images of a sequence by frame number.

    Args:
        folder: The image folder, such as ``SEQUENCE/img1``.

    Returns:
        In the order of the numbers; empty where there are no images. Where the names end in digits
        that are no frame numbers (:func:`frame_numbers`), they are counted from 1 in natural order.

    Raises:
        ValueError: If a name does not end in digits, or two have the same number.
    """
    paths = list_images(folder)
    for path in paths:
        if frame_number(path) is None:
            raise ValueError(
                f'{path}: the name must end in the frame number, such as 000001{path.suffix}'
            )
    images: dict[int, Path] = {}
    for number, path in zip(frame_numbers(paths) or range(1, len(paths) + 1), paths):
        if number in images:
            raise ValueError(
                f'{path} and {images[number]} are both frame {number}: remove one of them'
            )
        images[number] = path
    return dict(sorted(images.items()))


def read_seqinfo(sequence: Path) -> dict[str, str]:
    """Read the entries of a sequence's ``seqinfo.ini``.

    Args:
        sequence: The sequence folder.

    Returns:
        Texts by lower-case key, such as 'framerate'; empty where there is no file,
        or no section ``[Sequence]`` in it.

    Raises:
        ValueError: If the file is no ini file, or says something twice.
    """
    path = sequence / 'seqinfo.ini'
    if not path.is_file():
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding='utf-8-sig', errors='replace'), str(path))
    except configparser.Error as error:
        reason = ' '.join(str(error).split())  # in one line
        raise ValueError(
            f'{path} is not an ini file of single entries: {reason}. Correct or remove it.'
        ) from error
    for section in parser.sections():
        if section.lower() == 'sequence':
            return dict(parser[section])
    return {}
