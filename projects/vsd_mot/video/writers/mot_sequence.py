"""Tracks as ground truth in the MOTChallenge layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...errors import OutputError
from ...fileio import write_atomically
from ...mot_text import MOT_CLASSES, PEOPLE
from ..results import FrameResult
from .base import ResultWriter
from .facts import VideoFacts
from .records import RecordFile


class MotSequenceWriter(ResultWriter):
    """A sequence's ``gt/gt.txt`` and ``seqinfo.ini``; pictures belong into its ``img1/``.

    Rows are ``frame,id,x,y,w,h,consider,class,visibility``. Where classes are not all those of
    MOTChallenge, ``gt/labels.txt`` names them, as CVAT does: our tools count people then. Where
    nobody is a person, rows have no class (MOT15's form), and every row counts.

    Args:
        path: The sequence's folder; it may hold pictures.
        facts: Of the video.
    """

    def __init__(self, path: str | Path, facts: VideoFacts) -> None:
        self.facts = facts
        self.folder = Path(path)
        self._classes: tuple[str, ...] = ()
        self._last = 0
        self._size: tuple[int, int] | None = None
        super().__init__(self.folder / 'gt' / 'gt.txt')

    def _open(self) -> None:
        self._records = RecordFile(self.partial)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        self._classes = self._classes or result.classes
        self._last = max(self._last, result.number)
        self._size = result.size or self._size
        rows = zip(
            result.ids.tolist(),
            result.boxes.astype(float),
            result.labels.tolist(),
            result.ignored.tolist(),
            result.visibility.tolist(),
        )
        lines = [
            f'{result.number},{track},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},'
            f'{1 - ignored},{self._end(label, visible_share)}\n'
            for track, (x1, y1, x2, y2), label, ignored, visible_share in rows
        ]
        if lines:
            self._records.append(''.join(lines))

    def _end(self, label: int, visible_share: float) -> str:
        """Columns from the class on."""
        names = [name.lower() for name in self._classes or ('pedestrian',)]
        if label >= len(names):
            raise OutputError(
                f'{self.path}: class {label} has no name, there are {", ".join(names[:8])}: name '
                'all classes'
            )
        if set(names) <= set(MOT_CLASSES):
            return f'{MOT_CLASSES.index(names[label]) + 1},{visible_share:g}'
        if any(name in PEOPLE for name in names):
            return f'{label + 1},{visible_share:g}'
        return '-1,-1,-1'

    def _finish(self) -> bool:
        self._records.close()
        if not self._last:
            return False
        names = self._classes or ('pedestrian',)
        lowered = {name.lower() for name in names}
        if lowered & set(PEOPLE) and not lowered <= set(MOT_CLASSES):
            labels = ''.join(f'{" ".join(name.split())}\n' for name in names)
            write_atomically(self.path.with_name('labels.txt'), labels)
        elif not lowered & set(PEOPLE) and not lowered <= set(MOT_CLASSES):
            self.remark = (
                f'none of the classes {", ".join(names[:8])} is {" or ".join(PEOPLE)}: '
                f'{self.path} has no classes, and every row counts'
            )
        info = [
            '[Sequence]',
            f'name={self.folder.resolve().name}',
            'imDir=img1',
            f'frameRate={self.facts.fps:g}',
            f'seqLength={self._last}',
        ]
        if self._size is not None:
            info += [f'imWidth={self._size[0]}', f'imHeight={self._size[1]}']
        write_atomically(self.folder / 'seqinfo.ini', '\n'.join(info) + '\n')
        return True
