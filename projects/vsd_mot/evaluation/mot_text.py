"""Read MOTChallenge text files, and say in which line something is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class MotTextError(ValueError):
    """A MOTChallenge text file that cannot be used; the message names file, line and reason."""


def read_mot_text(path: str | Path, *, identities: bool = True) -> np.ndarray:
    """Read a ground-truth, result or detection file.

    Args:
        path: Lines of `frame,id,x,y,w,h[,score[,class[,visibility...]]]`, separated by commas (or
            blanks, as some old files are). Blank lines are passed over.
        identities: Whether an identity may appear only once in a frame, as in ground truth and
            results; detections have none.

    Returns:
        (N, 9) float64: frame (from 1), id, x, y, w, h, score, class, visibility, in the file's
        order; what a line lacks is 1 for the score and -1 for class and visibility (MOT15 has a
        position in space in their place).

    Raises:
        MotTextError: A line that has fewer than 6 fields, is not numbers, has a frame below 1 or a
            box of negative size, or repeats an identity within a frame.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MotTextError(f'{path} cannot be read as text: {error}') from error
    rows: list[list[float]] = []
    first_lines: dict[tuple[int, int], int] = {}  # of frame and identity
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _parse(line, f'{path}, line {number}')
        key = (int(row[0]), int(row[1]))
        if identities and first_lines.setdefault(key, number) != number:
            raise MotTextError(
                f'{path}, line {number}: track {key[1]} is in frame {key[0]} a second time '
                f'(first in line {first_lines[key]})'
            )
        rows.append(row)
    return np.array(rows, np.float64).reshape(-1, 9)


def _parse(line: str, where: str) -> list[float]:
    fields = line.rstrip(', \t').split(',') if ',' in line else line.split()
    if len(fields) < 6:
        raise MotTextError(
            f'{where}: {len(fields)} fields; expected at least frame,id,x,y,w,h: {line[:60]!r}'
        )
    try:
        row = [float(field) for field in fields[:9]]
    except ValueError:
        raise MotTextError(f'{where}: not numbers: {line[:60]!r}') from None
    if not np.isfinite(row).all():
        raise MotTextError(f'{where}: a field is not finite: {line[:60]!r}')
    if row[0] < 1 or row[0] != int(row[0]) or row[1] != int(row[1]):
        raise MotTextError(
            f'{where}: frame {row[0]:g} and id {row[1]:g} must be whole numbers, frames from 1'
        )
    if row[4] < 0 or row[5] < 0:
        raise MotTextError(f'{where}: a box of negative size, {row[4]:g} x {row[5]:g}')
    return row + [1.0, -1.0, -1.0][len(row) - 6 :]
