"""Rows of ``gt/gt.txt``: which there are, and which of them count."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .report import ConversionReport

PEDESTRIAN = 1
NUM_MOT_CLASSES = 13
# Which classes are people, where the ground truth has a class column. 'motr' is the published
# rule of MOTR and MOTRv2: all classes but these.
PERSON_CLASSES: dict[str, Callable[[int], bool]] = {
    'pedestrian': lambda number: number == PEDESTRIAN,
    'motr': lambda number: number not in (3, 4, 5, 6, 9, 10, 11),
    'all': lambda number: True,
}
GT_FORMATS = ('auto', 'mot15', 'mot17')


@dataclass
class FrameImage:
    """An image file. ``path`` is relative to the root of the annotations, POSIX style."""

    path: str
    number: int
    width: int
    height: int


@dataclass
class GtRow:
    """One object in one frame.

    Args:
        number: Frame number as in the file names of the images.
        track_id: Identity within the sequence.
        box: (left, top, width, height) in pixels.
        counts: Whether it is asked for: a person with consider mark.
        category: MOT17 class 1..13 for the evaluation; 1 for everyone who counts as a person.
        consider: 0 or 1, the consider mark.
        visibility: 0..1.
    """

    number: int
    track_id: int
    box: tuple[float, float, float, float]
    counts: bool
    category: int
    consider: int
    visibility: float


def read_table(path: Path) -> dict[int, list[float]]:
    """Rows of a MOTChallenge text file, separated by commas or blanks, all of one length.

    Args:
        path: The file.

    Returns:
        The rows by line number, from 1; at least 6 numbers each, of which
        the first 6 are finite.

    Raises:
        ValueError: If a line is not a row of numbers; names the line.
    """
    rows: dict[int, list[float]] = {}
    columns = 0
    with open(path, encoding='utf-8-sig', errors='replace') as file:
        for number, line in enumerate(file, start=1):
            cells = line.replace(',', ' ').split()
            if not cells:
                continue
            try:
                row = [float(cell) for cell in cells]
            except ValueError:
                row = [math.nan]
            if len(row) < 6 or not all(map(math.isfinite, row[:6])):
                raise ValueError(
                    f'{path}, line {number}: {line.strip()[:80]!r} is not a row of numbers '
                    'frame,id,left,top,width,height,...'
                )
            columns = columns or len(row)
            if len(row) != columns:
                raise ValueError(
                    f'{path}, line {number} has {len(row)} columns, the lines before have {columns}'
                )
            rows[number] = row
    return rows


def _person_rule(person_classes: str) -> Callable[[int], bool]:
    if person_classes in PERSON_CLASSES:
        return PERSON_CLASSES[person_classes]
    try:
        numbers = {int(part) for part in person_classes.split(',')}
    except ValueError:
        raise ValueError(
            f'person_classes must be one of {", ".join(PERSON_CLASSES)} or class numbers separated '
            f'by commas, got {person_classes!r}'
        ) from None
    return lambda number: number in numbers


def read_gt(
    path: Path,
    name: str,
    images: list[FrameImage],
    report: ConversionReport,
    person_classes: str,
    gt_format: str,
) -> list[GtRow]:
    """Read a ground-truth file, drop what is impossible, and say so.

    Args:
        path: The file.
        name: Name of the sequence, for the report.
        images: Its images.
        report: Gets all findings.
        person_classes: One of ``PERSON_CLASSES``, or class numbers separated by commas.
        gt_format: One of ``GT_FORMATS``.

    Returns:
        The rows, at most one per frame and identity.

    Raises:
        ValueError: If the file cannot be understood.
    """
    table = read_table(path)
    if not table:
        report.add('gt.txt without rows', name)
        return []
    columns = len(next(iter(table.values())))
    if gt_format == 'auto':
        # MOT15 has 3D coordinates in columns 8 to 10 and neither class nor visibility.
        gt_format = 'mot15' if columns >= 10 else 'mot17'
    rule = _person_rule(person_classes)
    offset = _frame_offset(name, list(table.values()), images, report)
    by_number = {image.number: image for image in images}
    rows, seen = [], set()
    for line, cells in table.items():
        number, track_id = int(cells[0]) + offset, int(cells[1])
        box = tuple(cells[2:6])
        image = by_number.get(number)
        shown = f'frame {int(cells[0])} id {track_id}'
        if image is None:
            report.add('gt row of a frame that has no image, dropped', name, 1, shown)
        elif box[2] < 1 or box[3] < 1:
            kind = 'gt row with a box smaller than one pixel, dropped'
            report.add(kind, name, 1, f'{shown}: {box[2]:g} x {box[3]:g}')
        elif (number, track_id) in seen:
            report.add('gt row with the id of an earlier row of its frame, dropped', name, 1, shown)
        elif not (
            box[0] < image.width
            and box[1] < image.height
            and box[0] + box[2] > 0
            and box[1] + box[3] > 0
        ):
            report.add('gt row with a box outside of the image, dropped', name, 1, shown)
        else:
            where = f'{path}, line {line}'
            row = _classify(name, where, number, track_id, box, cells, gt_format, rule, report)
            if row is not None:
                seen.add((number, track_id))
                rows.append(row)
    return rows


def _frame_offset(
    name: str, table: list[list[float]], images: list[FrameImage], report: ConversionReport
) -> int:
    """Return what to add to a row's frame number to get the image's.

    Rows and file names normally have the same numbers. Where images do not begin at 1 but the rows
    count positions from 1, the numbers differ by a constant.
    """
    frames = [int(row[0]) for row in table]
    there = {image.number for image in images}
    first = images[0].number
    counted_from_one = first == 0 and 0 not in frames
    if all(frame in there for frame in frames) and not counted_from_one:
        return 0
    if first != 1 and all(frame + first - 1 in there for frame in frames):
        kind = 'gt counts frames from 1, the file names of the images do not: matched by position'
        report.add(kind, name, 1, f'frame 1 is {images[0].path}')
        return first - 1
    return 0


def _classify(
    name: str,
    where: str,
    number: int,
    track_id: int,
    box: tuple,
    cells: list[float],
    gt_format: str,
    rule: Callable[[int], bool],
    report: ConversionReport,
) -> GtRow | None:
    """Consider mark, class and visibility of a row; None where its class cannot be evaluated."""
    if gt_format == 'mot15':
        if len(cells) > 6 and cells[6] == 0:
            report.add('gt row of a MOT15 file with mark 0, which counts as all rows there', name)
        return GtRow(number, track_id, box, True, PEDESTRIAN, 1, 1.0)
    if not all(map(math.isfinite, cells[6:8])):
        raise ValueError(
            f'{where}: the consider mark and the class, columns 7 and 8, must be finite numbers, '
            f'got {", ".join(f"{cell:g}" for cell in cells[6:8])}'
        )
    consider = 1 if len(cells) < 7 or cells[6] != 0 else 0
    category = PEDESTRIAN
    if len(cells) > 7:
        if cells[7] != int(cells[7]):
            raise ValueError(
                f'{where}: {cells[7]:g} in column 8 is no class. If the file has no class column '
                '(as MOT15), convert with --gt-format mot15.'
            )
        category = int(cells[7])
    visibility = cells[8] if len(cells) > 8 and math.isfinite(cells[8]) else 1.0
    visibility = min(max(visibility, 0.0), 1.0)
    person = rule(category)
    counts = person and consider == 1
    if counts:
        category = PEDESTRIAN
    elif not 1 <= category <= NUM_MOT_CLASSES:
        kind = 'gt row of a class that MOTChallenge does not have, dropped'
        report.add(kind, name, 1, f'class {category}')
        return None
    return GtRow(number, track_id, box, counts, category, consider, visibility)
