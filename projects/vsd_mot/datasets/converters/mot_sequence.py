"""Read one sequence in MOTChallenge layout: ``img1/``, ``gt/gt.txt``, ``seqinfo.ini``."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import ImageError
from ...images import image_size
from ...mot_layout import (
    IMAGE_SUFFIXES,
    frame_numbers,
    image_folder,
    numbered_images,
    read_seqinfo,
)
from ...video.sources import usable_fps
from .gt_rows import FrameImage, GtRow, GtRules, read_gt
from .report import ConversionReport


@dataclass
class MotSequence:
    """A sequence.

    Args:
        name: Name of its folder.
        frame_rate: Frames per second.
        images: Its frames in the order of their numbers.
        rows: Its ground truth; None where there is none.
    """

    name: str
    frame_rate: float
    images: list[FrameImage]
    rows: list[GtRow] | None = field(default_factory=list)


def read_sequence(
    folder: Path,
    root: Path,
    *,
    report: ConversionReport,
    rules: GtRules | None = None,
) -> MotSequence:
    """Read a sequence and check it against itself.

    Args:
        folder: The sequence.
        root: Image paths become relative to it.
        report: Gets all findings.
        rules: Which rows of the ground truth count; None takes the pedestrians.

    Returns:
        The sequence, its images in the order of their numbers.

    Raises:
        FileNotFoundError: If there are no images.
        ValueError: If a file cannot be understood.
    """
    info = read_seqinfo(folder)
    if not info:
        without = (
            'seqinfo.ini without a [Sequence] section, not used'
            if (folder / 'seqinfo.ini').is_file()
            else 'sequence without seqinfo.ini, its properties taken from its images'
        )
        report.add(without, folder.name)
    images = _list_images(folder, root=root, report=report)
    _compare(folder.name, info=info, images=images, report=report)
    noted = info.get('framerate')
    rate = usable_fps(_number(noted))
    if rate != _number(noted):
        kind = f'sequence without a possible frame rate in seqinfo.ini, taken as {rate:g}'
        report.add(kind, folder.name, example=f'frameRate={noted}' if noted else '')
    gt_file = folder / 'gt' / 'gt.txt'
    rows = None
    if gt_file.is_file():
        rows = read_gt(
            gt_file, name=folder.name, images=images, report=report, rules=rules or GtRules()
        )
    return MotSequence(folder.name, rate, images, rows)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or '')
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _list_images(folder: Path, *, root: Path, report: ConversionReport) -> list[FrameImage]:
    image_dir = image_folder(folder)
    if not image_dir.is_dir():
        raise FileNotFoundError(
            f'{folder} has no folder {image_dir.name}/ with images. Put the frames there, or '
            'remove the sequence.'
        )
    for path in sorted(image_dir.iterdir()):
        expected = path.name.startswith('.') or path.suffix.lower() in IMAGE_SUFFIXES
        if not expected and path.is_file():
            report.add(
                'file among the images that is no image, skipped',
                folder.name,
                example=path.name,
            )
    images = []
    numbered = numbered_images(image_dir)
    if numbered and frame_numbers(list(numbered.values())) is None:
        kind = 'names of the images are no frame numbers: counted from 1 in their natural order'
        report.add(kind, folder.name, example=next(iter(numbered.values())).name)
    for number, path in numbered.items():
        try:
            width, height = image_size(path)
        except (ImageError, OSError) as error:
            raise ValueError(
                f'{path} cannot be read as an image ({error}). Replace it, or remove it to have '
                'the frame left out.'
            ) from error
        images.append(FrameImage(path.relative_to(root).as_posix(), number, width, height))
    if not images:
        raise FileNotFoundError(f'{image_dir} holds no images ({", ".join(IMAGE_SUFFIXES)})')
    return images


def _compare(
    name: str, *, info: dict[str, str], images: list[FrameImage], report: ConversionReport
) -> None:
    """Report where seqinfo.ini and the images contradict each other; the images are right."""
    if info.get('name', name) != name:
        report.add(
            'name in seqinfo.ini is not the name of the folder, which is used',
            name,
            example=info['name'],
        )
    sizes = {(image.width, image.height) for image in images}
    if len(sizes) > 1:
        kind = 'sequence with images of several sizes, each kept'
        report.add(kind, name, example=str(sorted(sizes)))
    first = images[0]
    # Where frames are missing, the length may be their count or the last number.
    facts = dict(
        seqlength=(len(images), images[-1].number),
        imwidth=(first.width,),
        imheight=(first.height,),
    )
    for key, right in facts.items():
        if key in info and _number(info[key]) not in right:
            example = f'{key}={info[key]}, the images say {right[0]}'
            report.add('seqinfo.ini contradicts the images, which are used', name, example=example)
    missing = first.number + len(images) - 1 != images[-1].number
    if missing:
        count = images[-1].number - first.number + 1 - len(images)
        numbers = [image.number for image in images]
        gap = next(k + 1 for k, after in itertools.pairwise(numbers) if after != k + 1)
        kind = 'frame missing between the first and the last, its neighbours follow each other'
        report.add(kind, name, count=count, example=f'number {gap}')
