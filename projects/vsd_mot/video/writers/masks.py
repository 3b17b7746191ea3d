"""Masks of tracks as label maps and as MOTS text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ...fileio import write_atomically
from ..label_files import encode_label_map
from ..mots_rows import PEDESTRIAN, MotsRow
from ..results import FrameResult
from .base import ResultWriter, open_frame_folder
from .records import RecordFile


class LabelMapWriter(ResultWriter):
    """A label map a frame: PNG, named by the frame's number, whose pixels are identities.

    Identities that are no positive number of 16 bits cannot be pixels: they get the next free
    number, and ``identities.json`` in the folder has identity and number. (MMTracking's trackers
    count from 0, which is the background.)

    Args:
        path: The folder, made when it is missing.

    Attributes:
        numbers: What stands for an identity, where it is not itself.
    """

    def __init__(self, path: str | Path) -> None:
        self.numbers: dict[int, int] = {}
        self._identities: set[int] = set()
        self._count = 0
        super().__init__(path)

    def _open(self) -> None:
        open_frame_folder(self.path, '.png')
        (self.path / 'identities.json').unlink(missing_ok=True)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if result.image is None:
            return
        labels = np.zeros(result.image.shape[:2], np.int32)
        masks = result.masks
        if masks is not None:
            for identity, mask in zip(result.ids.tolist(), masks):
                labels[mask] = self._number(identity)
        file = self.path / f'{result.number:06d}.png'
        write_atomically(file, encode_label_map(labels), sync=False)
        self._count += 1

    def _number(self, identity: int) -> int:
        if identity in self.numbers:
            return self.numbers[identity]
        if 0 < identity < 1 << 16 and identity not in self.numbers.values():
            self._identities.add(identity)
            return identity
        number = max([0, *self._identities, *self.numbers.values()]) + 1
        self.numbers[identity] = number
        return number

    def close(self) -> Path | None:
        """Return the folder, None when no label map was written."""
        if self.numbers:
            names = {str(one): number for one, number in self.numbers.items()}
            write_atomically(self.path / 'identities.json', json.dumps(names) + '\n')
        self.kept = self._count > 0
        return self.path if self.kept else None


class MotsTextWriter(ResultWriter):
    """Lines of MOTS: `frame id class height width mask`, masks in COCO's run lengths.

    All tracks are of class 2, pedestrian; identities are as in the other files.

    Args:
        path: The text file.
    """

    def _open(self) -> None:
        self._records = RecordFile(self.partial)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        if result.masks is None:
            return
        rows = [
            MotsRow.of_mask(result.number, identity, mask=mask, category=PEDESTRIAN)
            for identity, mask in zip(result.ids.tolist(), result.masks)
            if mask.any()
        ]
        if rows:
            self._records.append(''.join(f'{row}\n' for row in rows))

    def _finish(self) -> bool:
        self._records.close()
        return True
