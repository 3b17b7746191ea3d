"""Reads one sequence in MOTChallenge layout: ``img1/``, ``gt/gt.txt``, ``seqinfo.ini``."""

from __future__ import annotations

import configparser
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from .gt_rows import FrameImage, GtRow, read_gt
from .report import ConversionReport

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')
DEFAULT_FRAME_RATE = 30.0


@dataclass
class MotSequence:
    """A sequence. ``rows`` is None where there is no ground truth."""

    name: str
    frame_rate: float
    images: list[FrameImage]
    rows: list[GtRow] | None = field(default_factory=list)


def is_sequence(folder: Path) -> bool:
    """Whether a folder looks like a sequence."""
    return (folder / 'seqinfo.ini').is_file() or (folder / 'img1').is_dir()


def read_sequence(
    folder: Path,
    root: Path,
    report: ConversionReport,
    person_classes: str = 'pedestrian',
    gt_format: str = 'auto',
) -> MotSequence:
    """Read a sequence and check it against itself.

    Args:
        folder (Path): The sequence.
        root (Path): Image paths become relative to it.
        report (ConversionReport): Gets all findings.
        person_classes (str): One of ``gt_rows.PERSON_CLASSES``, or numbers separated by commas.
            Defaults to 'pedestrian'.
        gt_format (str): One of ``gt_rows.GT_FORMATS``. Defaults to 'auto'.

    Returns:
        MotSequence: The sequence, its images in the order of their numbers.

    Raises:
        FileNotFoundError: If there are no images.
        ValueError: If a file cannot be understood.
    """
    info = _read_seqinfo(folder, report)
    images = _list_images(folder, info.get('imdir', 'img1'), root, report)
    _compare(folder.name, info, images, report)
    rate = _number(info.get('framerate'))
    if rate is None or rate <= 0:
        rate = DEFAULT_FRAME_RATE
        report.add(f'sequence without frame rate in seqinfo.ini, taken as {rate:g}', folder.name)
    gt_file = folder / 'gt' / 'gt.txt'
    rows = None
    if gt_file.is_file():
        rows = read_gt(gt_file, folder.name, images, report, person_classes, gt_format)
    return MotSequence(folder.name, rate, images, rows)


def _number(text: str | None) -> float | None:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _read_seqinfo(folder: Path, report: ConversionReport) -> dict[str, str]:
    """Entries of seqinfo.ini with lower-case keys; empty where there is none."""
    path = folder / 'seqinfo.ini'
    if not path.is_file():
        report.add(
            'sequence without seqinfo.ini, its properties taken from its images', folder.name
        )
        return {}
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding='utf-8-sig', errors='replace'), str(path))
    except configparser.Error as error:
        raise ValueError(f'{path} is not an ini file: {error}. Correct or remove it.') from error
    for section in parser.sections():
        if section.lower() == 'sequence':
            return dict(parser[section])
    report.add('seqinfo.ini without a [Sequence] section, not used', folder.name)
    return {}


def _list_images(
    folder: Path, image_folder: str, root: Path, report: ConversionReport
) -> list[FrameImage]:
    if '/' in image_folder or '\\' in image_folder or image_folder in ('', '.', '..'):
        raise ValueError(
            f'{folder / "seqinfo.ini"}: imDir={image_folder!r} must be the name of a folder right '
            'in the sequence (the evaluation takes the third last part of the image path as the '
            "sequence's name)"
        )
    place = folder / image_folder
    if not place.is_dir():
        raise FileNotFoundError(
            f'{folder} has no folder {image_folder}/ with images. Put the frames there, or remove '
            'the sequence.'
        )
    images: dict[int, FrameImage] = {}
    for path in sorted(place.iterdir()):
        if path.name.startswith('.') or path.is_dir():
            continue
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            report.add('file among the images that is no image, skipped', folder.name, 1, path.name)
            continue
        digits = re.search(r'(\d+)$', path.stem)
        if digits is None:
            raise ValueError(
                f'{path}: the name must end in the frame number, such as 000001{path.suffix}'
            )
        number = int(digits[1])
        if number in images:
            raise ValueError(
                f'{path} and {images[number].path} are both frame {number}: remove one of them'
            )
        try:
            with Image.open(path) as image:
                width, height = image.size
        except (UnidentifiedImageError, OSError) as error:
            raise ValueError(
                f'{path} cannot be read as an image ({error}). Replace it, or remove it to have '
                'the frame left out.'
            ) from error
        relative = path.relative_to(root).as_posix()
        images[number] = FrameImage(relative, number, width, height)
    if not images:
        raise FileNotFoundError(f'{place} holds no images ({", ".join(IMAGE_SUFFIXES)})')
    return [images[number] for number in sorted(images)]


def _compare(
    name: str, info: dict[str, str], images: list[FrameImage], report: ConversionReport
) -> None:
    """Report where seqinfo.ini and the images contradict each other; the images are right."""
    if info.get('name', name) != name:
        report.add(
            'name in seqinfo.ini is not the name of the folder, which is used',
            name,
            1,
            info['name'],
        )
    sizes = {(image.width, image.height) for image in images}
    if len(sizes) > 1:
        report.add('sequence with images of several sizes, each kept', name, 1, sorted(sizes))
    first = images[0]
    facts = (('seqlength', len(images)), ('imwidth', first.width), ('imheight', first.height))
    for key, fact in facts:
        if key in info and _number(info[key]) != fact:
            example = f'{key}={info[key]}, the images say {fact}'
            report.add('seqinfo.ini contradicts the images, which are used', name, 1, example)
    missing = first.number + len(images) - 1 != images[-1].number
    if missing:
        there = {image.number for image in images}
        gaps = [k for k in range(first.number, images[-1].number) if k not in there]
        kind = 'frame missing between the first and the last, its neighbours follow each other'
        report.add(kind, name, len(gaps), f'number {gaps[0]}')
