"""The MOTChallenge layout: sequence folders with ``img1/000001.jpg`` and ``seqinfo.ini``.

All that reads such folders shares these rules, so that one tool sees the same sequences, images
and frame numbers as the next.
"""

from __future__ import annotations

import configparser
import re
from pathlib import Path

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp')
_MAX_DEPTH = 3


def is_sequence(folder: Path) -> bool:
    """Whether a folder looks like a sequence."""
    return (folder / 'seqinfo.ini').is_file() or (folder / 'img1').is_dir()


def find_sequences(folder: Path) -> list[Path]:
    """Find the sequences in a folder, which may be one itself; links to folders are followed.

    Args:
        folder: Searched three levels deep, hidden folders left out. Sequences are not
            searched for further ones.

    Returns:
        Sequence folders, sorted by path; empty where the folder is missing.
    """
    return _search(folder, _MAX_DEPTH) if folder.is_dir() else []


def _search(folder: Path, depth: int) -> list[Path]:
    if is_sequence(folder):
        return [folder]
    if depth == 0:
        return []
    inner = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith('.'))
    return [sequence for path in inner for sequence in _search(path, depth - 1)]


def natural_key(name: str) -> list[int | str]:
    """Return the sort key with which ``frame2.png`` comes before ``frame10.png``."""
    return [int(part) if part.isdecimal() else part.lower() for part in re.split(r'(\d+)', name)]


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
    digits = re.search(r'\d+$', image.stem)
    return int(digits[0]) if digits else None


def numbered_images(folder: Path) -> dict[int, Path]:
    """List the images of a sequence by frame number.

    Args:
        folder: The image folder, such as ``SEQUENCE/img1``.

    Returns:
        Path by frame number, in the order of the numbers; empty where there are no images.

    Raises:
        ValueError: If a name has no number, or two have the same.
    """
    images: dict[int, Path] = {}
    for path in list_images(folder):
        number = frame_number(path)
        if number is None:
            raise ValueError(
                f'{path}: the name must end in the frame number, such as 000001{path.suffix}'
            )
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
        ValueError: If the file is no ini file.
    """
    path = sequence / 'seqinfo.ini'
    if not path.is_file():
        return {}
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding='utf-8-sig', errors='replace'), str(path))
    except configparser.Error as error:
        reason = ' '.join(str(error).split())  # in one line
        raise ValueError(f'{path} is not an ini file: {reason}. Correct or remove it.') from error
    for section in parser.sections():
        if section.lower() == 'sequence':
            return dict(parser[section])
    return {}
