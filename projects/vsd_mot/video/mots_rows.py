"""Rows of MOTS text: frame, identity, class, height, width, mask in COCO's run lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

from ..images import MAX_PIXELS
from ..mot_text import MAX_NUMBER, read_text

CAR, PEDESTRIAN, IGNORE = 1, 2, 10  # classes of MOTS


@dataclass(frozen=True)
class MotsRow:
    """One mask in one frame.

    Attributes:
        frame: Number of the frame, as in the file.
        identity: As in the file; MOTS20 writes class * 1000 + number of the object.
        category: Class: 1 car, 2 pedestrian, 10 ignored.
        size: (height, width) of the picture.
        counts: Run lengths in COCO's packed form.
    """

    frame: int
    identity: int
    category: int
    size: tuple[int, int]
    counts: str

    @classmethod
    def of_mask(
        cls, frame: int, identity: int, *, mask: np.ndarray, category: int = PEDESTRIAN
    ) -> MotsRow:
        """Return the row of a ``(H, W)`` mask."""
        packed = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
        return cls(frame, identity, category, tuple(mask.shape), packed['counts'].decode())

    @property
    def mask(self) -> np.ndarray:
        """``(H, W)`` bool."""
        packed = dict(size=list(self.size), counts=self.counts.encode())
        return coco_mask.decode(packed).astype(bool)

    def __str__(self) -> str:
        height, width = self.size
        return f'{self.frame} {self.identity} {self.category} {height} {width} {self.counts}'


def read_mots_rows(path: str | Path) -> dict[int, list[MotsRow]]:
    """Return the rows of a MOTS file by frame.

    Raises:
        ValueError: A line is not of six columns, its mask is not what it says, or its identity is
            in the frame already; says which.
    """
    rows: dict[int, list[MotsRow]] = {}
    for number, line in enumerate(read_text(Path(path)).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            frame, identity, category, height, width, counts = line.split()
            row = MotsRow(
                int(frame), int(identity), int(category), (int(height), int(width)), counts
            )
        except ValueError as error:
            raise ValueError(
                f'{path}, line {number}: not "frame identity class height width mask" of MOTS'
            ) from error
        _check(row, f'{path}, line {number}')
        others = rows.setdefault(row.frame, [])
        if others and others[0].size != row.size:
            raise ValueError(f'{path}, line {number}: frame {row.frame} has masks of two sizes')
        if row.category != IGNORE and any(row.identity == one.identity for one in others):
            raise ValueError(
                f'{path}, line {number}: identity {row.identity} is in frame {row.frame} already'
            )
        others.append(row)
    return rows


def _check(row: MotsRow, where: str) -> None:
    """Refuse a row before its mask is unpacked, which believes what it says of itself.

    Raises:
        ValueError: Its numbers cannot be right, or its mask is not of its size.
    """
    height, width = row.size
    if not 1 <= row.frame <= MAX_NUMBER or not 0 <= row.identity < 1 << 31:
        raise ValueError(f'{where}: frame {row.frame}, identity {row.identity} cannot be')
    if row.category not in (CAR, PEDESTRIAN, IGNORE):
        raise ValueError(
            f'{where}: class {row.category}, and MOTS has {CAR} (car), {PEDESTRIAN} (pedestrian) '
            f'and {IGNORE} (ignored)'
        )
    if min(row.size) < 1 or height * width > MAX_PIXELS:
        raise ValueError(f'{where}: a mask of {height} x {width} pixels cannot be')
    if run_lengths(row.counts) != height * width:
        raise ValueError(f'{where}: the mask has not {height} x {width} pixels')


def run_lengths(counts: str) -> int:
    """Return how many pixels COCO's compressed run lengths fill; -1 where they cannot be such.

    Five bits a character, lowest first; a sixth says that the number goes on. From the fourth on,
    a number is the difference to the one before the last.
    """
    runs: list[int] = []
    place = 0
    while place < len(counts):
        value, shift, more = 0, 0, True
        while more:
            code = ord(counts[place]) - 48 if place < len(counts) else -1
            if not 0 <= code < 64 or shift > 30:
                return -1
            value |= (code & 31) << shift
            more, place, shift = bool(code & 32), place + 1, shift + 5
        if code & 16:
            value -= 1 << shift
        if len(runs) > 2:
            value += runs[-2]
        if value < 0:
            return -1
        runs.append(value)
    return sum(runs)


def rows_to_label_map(rows: Sequence[MotsRow]) -> np.ndarray:
    """Identities of a frame's pixels, ``(H, W)`` int32; -1 where pixels are ignored.

    Raises:
        ValueError: Two objects are at one pixel, which MOTS does not allow, or one has identity 0.
    """
    labels = np.zeros(rows[0].size, np.int32)
    for row in sorted(rows, key=lambda row: row.category != IGNORE):
        if row.identity == 0:
            raise ValueError(f'frame {row.frame}: 0 is no identity of a label map but background')
        mask = row.mask
        if row.category == IGNORE:
            labels[mask] = -1
            continue
        if (below := labels[mask].max(initial=0)) > 0:
            raise ValueError(
                f'frame {row.frame}: the masks of {below} and {row.identity} overlap, which MOTS '
                'does not allow'
            )
        labels[mask] = row.identity
    return labels
