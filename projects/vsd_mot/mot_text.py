"""The one reader of MOTChallenge text: ground truth, detections and results."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import MotTextError

# By number, from 1, as MOT16, MOT17 and MOT20, MMTracking and TrackEval name them.
MOT_CLASSES = (
    'pedestrian', 'person_on_vehicle', 'car', 'bicycle', 'motorbike', 'non_mot_vehicle',
    'static_person', 'distractor', 'occluder', 'occluder_on_ground', 'occluder_full', 'reflection',
    'crowd',
)  # fmt: skip
NUM_CLASSES = len(MOT_CLASSES)
PEDESTRIAN, CAR = 1, 3
LABELS = 'labels.txt'
PEOPLE = ('person', 'pedestrian', 'people')  # as labels.txt may call them
MAX_COORDINATE = 1e6  # pixels; beyond it float32 has no fractions of a pixel
MAX_NUMBER = 2**63 - 1  # of a frame
MAX_IDENTITY = 2**64 - 1  # trackers hash into 64 bits
_NUMBER = re.compile(r'\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?(nan|inf(inity)?)\s*',
                     re.IGNORECASE | re.ASCII)  # fmt: skip


@dataclass
class MotRows:
    """Rows of a file, in its order.

    Attributes:
        path: The file.
        lines: (N,) number of the row's line, from 1.
        frames: (N,) int64 frame numbers.
        ids: Identities, exact whatever their size.
        boxes: (N, 4) left, top, width, height in pixels, finite.
        rest: What follows the box in each row, finite or not.
    """

    path: Path
    lines: np.ndarray
    frames: np.ndarray
    ids: list[int]
    boxes: np.ndarray
    rest: list[list[float]]

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, row: int) -> str:
        """Say where a row stands, for messages."""
        return f'{self.path}, line {self.lines[row]}'

    def column(self, number: int, default: float) -> np.ndarray:
        """Return a column behind the box.

        Args:
            number: As files' descriptions count, from 1: 7 is the score, 8 the class.
            default: For rows that end before it.

        Raises:
            MotTextError: A value is not finite.
        """
        values = [row[number - 7] if len(row) > number - 7 else default for row in self.rest]
        for row, value in enumerate(values):
            if not np.isfinite(value):
                raise MotTextError(f'{self.where(row)}: column {number} is not finite: {value}')
        return np.array(values, np.float64)

    def has_classes(self) -> bool:
        """Whether column 8 holds classes of MOTChallenge; MOT15 has -1 or a position there.

        Raises:
            MotTextError: It holds whole numbers that are other classes, as VisDrone's do, or a
                fraction among classes.
        """
        if not self.ids or not any(len(row) > 1 for row in self.rest):
            return False
        kinds = self.column(8, -1)
        if np.isin(kinds, range(1, NUM_CLASSES + 1)).all() and not self._is_visdrone():
            return True
        whole = kinds == np.floor(kinds)
        if 2 * np.isin(kinds, range(1, NUM_CLASSES + 1)).sum() > len(kinds) and not whole.all():
            row = int(np.flatnonzero(~whole)[0])
            raise MotTextError(
                f'{self.where(row)}: {kinds[row]:g} in column 8 is no class, as most lines have it'
            )
        if whole.all() and (kinds >= 0).all():
            classes = ', '.join(f'{kind:.0f}' for kind in np.unique(kinds)[:6])
            raise MotTextError(
                f'{self.path}: column 8 holds {classes}, which are not the classes 1 to '
                f'{NUM_CLASSES} of MOTChallenge (pedestrian is 1; VisDrone and COCO count '
                'differently): write the classes as MOTChallenge does, or -1 if all rows are people'
            )
        return False

    def _is_visdrone(self) -> bool:
        """Ten whole columns: truncation 0 or 1, occlusion 0 to 2."""
        if not all(len(row) == 4 for row in self.rest):
            return False
        truncation, occlusion = self.column(9, 0), self.column(10, 0)
        return bool(np.isin(truncation, (0, 1)).all() and np.isin(occlusion, range(3)).all())

    def require_unique(self) -> None:
        """Refuse an identity that is in a frame twice, in ground truth and results.

        Raises:
            MotTextError: There is one.
        """
        first_rows: dict[tuple[int, int], int] = {}
        for row, key in enumerate(zip(self.frames.tolist(), self.ids)):
            if first_rows.setdefault(key, row) != row:
                raise MotTextError(
                    f'{self.where(row)}: track {key[1]} is in frame {key[0]} a second time '
                    f'(first in line {self.lines[first_rows[key]]})'
                )

    def require_columns(self) -> None:
        """Refuse rows of different length: a field is missing, or a comma is one of a number.

        Raises:
            MotTextError: There is one; names it.
        """
        for row, fields in enumerate(self.rest):
            if len(fields) != len(self.rest[0]):
                raise MotTextError(
                    f'{self.where(row)} has {6 + len(fields)} columns, the lines before have '
                    f'{6 + len(self.rest[0])}'
                )

    def compact_ids(self) -> np.ndarray:
        """Return (N,) identities as 1, 2, 3 ... in the order they appear."""
        numbers: dict[int, int] = {}
        return np.array([numbers.setdefault(i, len(numbers) + 1) for i in self.ids], np.int64)


def read_mot_rows(
    path: str | Path,
    *,
    first_frame: int = 1,
    smallest_side: float | None = 0.0,
    translate: bool = True,
) -> MotRows:
    """Read a ground-truth, result or detection file.

    Args:
        path: Lines of `frame,id,x,y,w,h[,score[,class[,visibility...]]]`, separated by commas, or
            all by blanks; UTF-8 or UTF-16, with or without a byte order mark. Blank lines are
            passed over. Where `labels.txt` stands beside `gt.txt` (CVAT), classes are its lines.
        first_frame: The lowest frame number that is possible.
        smallest_side: Boxes of less width or height are an error; None takes any.
        translate: Bring the classes of a `labels.txt` to those of MOTChallenge: people become 1,
            all else 3. Else they stay what :func:`labels_beside` names.

    Returns:
        The rows. What stands twice is up to the caller, see :meth:`MotRows.require_unique`.

    Raises:
        MotTextError: A line that has fewer than 6 fields, is not numbers, has an impossible frame,
            identity or box: the line is named.
    """
    path = Path(path)
    lines, frames, ids, boxes, rest = [], [], [], [], []
    for number, line in enumerate(re.split(r'\r\n|\r|\n', read_text(path)), 1):
        if not line.strip():
            continue
        where = f'{path}, line {number}'
        fields = line.rstrip(', \t').split(',') if ',' in line else line.split()
        if len(fields) < 6:
            raise MotTextError(
                f'{where}: {len(fields)} fields; expected at least frame,id,x,y,w,h: {line[:60]!r}'
            )
        if not all(map(_NUMBER.fullmatch, fields)):
            raise MotTextError(f'{where}: not numbers: {line[:60]!r}')
        lines.append(number)
        frames.append(_whole(fields[0], low=first_frame, high=MAX_NUMBER, what=f'{where}: frame'))
        ids.append(_whole(fields[1], low=-MAX_IDENTITY, high=MAX_IDENTITY, what=f'{where}: id'))
        boxes.append(check_box([float(field) for field in fields[2:6]], where, smallest_side))
        rest.append([float(field) for field in fields[6:]])
    if translate and (names := labels_beside(path)) is not None:
        _translate_classes(rest, names, path.with_name(LABELS))
    return MotRows(
        path,
        np.array(lines, np.int64),
        np.array(frames, np.int64),
        ids,
        np.array(boxes, np.float64).reshape(-1, 4),
        rest,
    )


def labels_beside(path: str | Path) -> tuple[str, ...] | None:
    """Return the names of classes 1, 2 ... in CVAT's `labels.txt` beside a `gt.txt`; None without.

    Raises:
        MotTextError: It cannot be read.
    """
    labels = Path(path).with_name(LABELS)
    if Path(path).name != 'gt.txt' or not labels.is_file():
        return None
    return tuple(line.strip() for line in read_text(labels).splitlines() if line.strip())


def _translate_classes(rest: list[list[float]], names: tuple[str, ...], labels: Path) -> None:
    """Write MOTChallenge's classes into column 8, which has places in `names`."""
    people = {place for place, name in enumerate(names, 1) if name.lower() in PEOPLE}
    if not people:
        raise MotTextError(
            f'{labels} names {", ".join(names[:8])}, and none of them is {" or ".join(PEOPLE)}: '
            'call people so, or remove the file if column 8 of gt.txt has the classes of '
            'MOTChallenge'
        )
    for row in rest:
        if len(row) > 1:
            row[1] = PEDESTRIAN if row[1] in people else CAR


def check_box(box: list[float], where: str, smallest_side: float | None = 0.0) -> list[float]:
    """Return a box, if it can be one of a picture.

    Args:
        box: Left, top, width, height in pixels.
        where: For the message.
        smallest_side: The least width and height; None takes any, negative ones too.

    Raises:
        MotTextError: It is not finite, farther out than a million pixels, or too small.
    """
    if not np.isfinite(box).all():
        raise MotTextError(f'{where}: a box that is not finite: {", ".join(map(str, box))}')
    if max(map(abs, box)) > MAX_COORDINATE:
        raise MotTextError(
            f'{where}: a box of {", ".join(f"{value:g}" for value in box)} reaches beyond '
            f'{MAX_COORDINATE:g} pixels: no picture is so large'
        )
    if smallest_side is not None and min(box[2], box[3]) < smallest_side:
        kind = 'negative size' if min(box[2:]) < 0 else 'no size'
        raise MotTextError(f'{where}: a box of {kind}, {box[2]:g} x {box[3]:g}')
    return box


def _whole(field: str, *, low: int, high: int, what: str) -> int:
    """Read a whole number: exactly, where it is written as one."""
    try:
        value: float = int(field)
    except ValueError:
        value = float(field)
        if value != value or abs(value) > 2**53 or value != int(value):
            raise MotTextError(
                f'{what} {field.strip()} must be whole numbers, frames from {low}'
                if what.endswith('frame')
                else f'{what} {field.strip()} must be whole numbers'
            ) from None
    if not low <= value <= high:
        bound = f'frames from {low}' if value < low else f'at most {high}'
        raise MotTextError(f'{what} {field.strip()} must be whole numbers, {bound}')
    return int(value)


def read_text(path: Path) -> str:
    """Read a text file, UTF-8 or UTF-16, with or without a byte order mark.

    Raises:
        MotTextError: It is not there, or no text.
    """
    if not path.is_file():
        reason = 'it is not a file' if path.exists() else 'there is no such file'
        raise MotTextError(f'{path} cannot be read as text: {reason}')
    try:
        data = path.read_bytes()
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode('utf-16' if utf16 else 'utf-8-sig')
    except (OSError, UnicodeDecodeError) as error:
        raise MotTextError(f'{path} cannot be read as text: {error}') from error
    if '\0' in text:
        raise MotTextError(f'{path} cannot be read as text: it holds zero bytes')
    return text
