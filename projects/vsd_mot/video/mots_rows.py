"""Rows of MOTS text: frame, identity, class, height, width, mask in COCO's run lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

PEDESTRIAN, IGNORE = 2, 10  # classes of MOTS


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
        ValueError: A line is not of six columns; says which.
    """
    rows: dict[int, list[MotsRow]] = {}
    for number, line in enumerate(Path(path).read_text().splitlines(), start=1):
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
        rows.setdefault(row.frame, []).append(row)
    return rows


def rows_to_label_map(rows: Sequence[MotsRow]) -> np.ndarray:
    """Identities of a frame's pixels, ``(H, W)`` int32; -1 where pixels are ignored."""
    labels = np.zeros(rows[0].size, np.int32)
    for row in rows:
        labels[row.mask] = -1 if row.category == IGNORE else row.identity
    return labels
