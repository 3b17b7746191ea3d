"""Rows of ``gt/gt.txt``: which there are, and which of them count."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...mot_text import NUM_CLASSES, PEDESTRIAN, read_mot_rows
from .report import ConversionReport

# Which classes are people, where the ground truth has a class column. 'motr' is the published
# rule of MOTR and MOTRv2: all classes but these.
PERSON_CLASSES: dict[str, Callable[[int], bool]] = {
    'pedestrian': lambda number: number == PEDESTRIAN,
    'motr': lambda number: number not in (3, 4, 5, 6, 9, 10, 11),
    'all': lambda number: True,
}
GT_FORMATS = ('auto', 'mot15', 'mot17')


Box = tuple[float, float, float, float]


@dataclass
class FrameImage:
    """An image file.

    Args:
        path: Relative to the root of the annotations, POSIX style.
        number: Frame number, from the file name.
        width: In pixels.
        height: In pixels.
    """

    path: str
    number: int
    width: int
    height: int


@dataclass(frozen=True)
class GtRules:
    """How a ground-truth file is to be read.

    Args:
        person_classes: Which classes are people: one of ``PERSON_CLASSES``, or class numbers
            separated by commas. Rows without consider mark never count.
        gt_format: One of ``GT_FORMATS``: 'mot15' has no classes and all rows count; 'auto' takes
            files of 10 columns for it.

    Raises:
        ValueError: If one of them is unknown.
    """

    person_classes: str = 'pedestrian'
    gt_format: str = 'auto'

    def __post_init__(self) -> None:
        if self.gt_format not in GT_FORMATS:
            raise ValueError(
                f'gt_format must be one of {", ".join(GT_FORMATS)}, got {self.gt_format!r}'
            )
        self.is_person(PEDESTRIAN)

    def is_person(self, category: int) -> bool:
        """Whether a class of MOT17 is a person's."""
        if self.person_classes in PERSON_CLASSES:
            return PERSON_CLASSES[self.person_classes](category)
        try:
            return category in {int(part) for part in self.person_classes.split(',')}
        except ValueError:
            raise ValueError(
                f'person_classes must be one of {", ".join(PERSON_CLASSES)} or class numbers '
                f'separated by commas, got {self.person_classes!r}'
            ) from None

    def has_classes(self, columns: int) -> bool:
        """Whether a file with so many columns has a class column."""
        if self.gt_format == 'auto':
            # MOT15 has 3D coordinates in columns 8 to 10 and neither class nor visibility.
            return columns < 10
        return self.gt_format == 'mot17'


@dataclass
class GtRow:
    """One object in one frame.

    Args:
        number: Frame number as in the file names of the images.
        track_id: Identity within the sequence.
        box: (left, top, width, height) in pixels.
        counts: Whether a tracker has to find it: a person with consider mark.
        category: MOT17 class 1..13 for the evaluation; 1 for everyone who counts as a person.
        consider: 0 or 1, the consider mark.
        visibility: 0..1.
    """

    number: int
    track_id: int
    box: Box
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
    table = read_mot_rows(path, first_frame=0, smallest_side=None)
    table.require_columns()
    rows: dict[int, list[float]] = {}
    parts = zip(table.frames.tolist(), table.ids, table.boxes.tolist(), table.rest)
    for index, (frame, track_id, box, rest) in enumerate(parts):
        rows[int(table.lines[index])] = [frame, track_id, *box, *rest]
    return rows


def read_gt(
    path: Path, *, name: str, images: list[FrameImage], report: ConversionReport, rules: GtRules
) -> list[GtRow]:
    """Read a ground-truth file, drop what is impossible, and report it.

    Args:
        path: The file.
        name: Name of the sequence, for the report.
        images: Its images.
        report: Gets all findings.
        rules: Which rows count.

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
    if rules.gt_format == 'auto' and columns >= 10:
        _require_mot15(path, table)
    has_classes = rules.has_classes(columns)
    offset = _frame_offset(name, table=list(table.values()), images=images, report=report)
    by_number = {image.number: image for image in images}
    rows: dict[tuple[int, int], GtRow] = {}  # by frame number and identity
    for line, cells in table.items():
        number, track_id = int(cells[0]) + offset, int(cells[1])
        example = f'frame {int(cells[0])} id {track_id}'
        image = by_number.get(number)
        if image is None:
            report.add('gt row of a frame that has no image, dropped', name, example=example)
            continue
        left, top, width, height = cells[2:6]
        if width < 1 or height < 1:
            kind = 'gt row with a box smaller than one pixel, dropped'
            report.add(kind, name, example=f'{example}: {width:g} x {height:g}')
        elif (number, track_id) in rows:
            kind = 'gt row with the id of an earlier row of its frame, dropped'
            report.add(kind, name, example=example)
        elif not overlaps_image((left, top, width, height), image.width, image.height):
            report.add('gt row with a box outside of the image, dropped', name, example=example)
        elif not has_classes:
            if len(cells) > 6 and cells[6] == 0:
                kind = 'gt row of a MOT15 file with mark 0, which counts as all rows there'
                report.add(kind, name)
            box = (left, top, width, height)
            rows[number, track_id] = GtRow(number, track_id, box, True, PEDESTRIAN, 1, 1.0)
        else:
            marks = _read_marks(cells, f'{path}, line {line}')
            counts = rules.is_person(marks.category) and marks.consider == 1
            category = PEDESTRIAN if counts else marks.category
            if not 1 <= category <= NUM_CLASSES:
                kind = 'gt row of a class that MOTChallenge does not have, dropped'
                report.add(kind, name, example=f'class {category}')
                continue
            if not 0 <= marks.visibility <= 1:
                kind = 'gt row with a visibility that is not from 0 to 1, taken as the nearest'
                report.add(kind, name, example=f'{example}: {marks.visibility:g}')
            rows[number, track_id] = GtRow(
                number,
                track_id,
                (left, top, width, height),
                counts=counts,
                category=category,
                consider=marks.consider,
                visibility=min(max(marks.visibility, 0.0), 1.0),
            )
    return list(rows.values())


def overlaps_image(box: Box, width: int, height: int) -> bool:
    """Whether a box (left, top, width, height) reaches into an image of that size."""
    left, top, box_width, box_height = box
    return left < width and top < height and left + box_width > 0 and top + box_height > 0


def _require_mot15(path: Path, table: dict[int, list[float]]) -> None:
    """Refuse ten columns that are not MOT15's, which has -1 or a position in the last three."""
    kinds = [cells[7] for cells in table.values()]
    if all(math.isfinite(kind) and kind >= 0 and kind == int(kind) for kind in kinds):
        examples = ', '.join(f'{kind:.0f}' for kind in sorted(set(kinds))[:6])
        raise ValueError(
            f'{path} has 10 columns, but column 8 holds classes ({examples}), which MOT15 does not '
            "have: is it VisDrone's? Write its people as class 1 and give --gt-format mot17, or "
            '--gt-format mot15 if every row is a person'
        )


def _frame_offset(
    name: str, *, table: list[list[float]], images: list[FrameImage], report: ConversionReport
) -> int:
    """Return what to add to a row's frame number to get the image's.

    Rows and file names normally have the same numbers. Where images do not begin at 1 but the rows
    count positions from 1, the numbers differ by a constant.
    """
    frames = [int(row[0]) for row in table]
    numbers = {image.number for image in images}
    first = images[0].number
    counted_from_one = first == 0 and 0 not in frames
    if all(frame in numbers for frame in frames) and not counted_from_one:
        return 0
    if first != 1 and all(frame + first - 1 in numbers for frame in frames):
        kind = 'gt counts frames from 1, the file names of the images do not: matched by position'
        report.add(kind, name, example=f'frame 1 is {images[0].path}')
        return first - 1
    return 0


@dataclass(frozen=True)
class _Marks:
    """Consider mark, class and visibility of a row of MOT17."""

    consider: int
    category: int
    visibility: float


def _read_marks(cells: list[float], where: str) -> _Marks:
    """Read the columns from the 7th on; what a row lacks is a visible person who counts."""
    if not all(map(math.isfinite, cells[6:8])):
        raise ValueError(
            f'{where}: the consider mark and the class, columns 7 and 8, must be finite numbers, '
            f'got {", ".join(f"{cell:g}" for cell in cells[6:8])}'
        )
    category = PEDESTRIAN
    if len(cells) > 7:
        if cells[7] != int(cells[7]):
            raise ValueError(
                f'{where}: {cells[7]:g} in column 8 is no class. If the file has no class column '
                '(as MOT15), convert with --gt-format mot15.'
            )
        category = int(cells[7])
    visibility = cells[8] if len(cells) > 8 and math.isfinite(cells[8]) else 1.0
    return _Marks(
        consider=1 if len(cells) < 7 or cells[6] != 0 else 0,
        category=category,
        visibility=visibility,
    )
