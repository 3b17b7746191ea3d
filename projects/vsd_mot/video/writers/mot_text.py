"""Tracks as MOTChallenge text."""

from __future__ import annotations

import numpy as np

from ..results import FrameResult
from .base import ResultWriter
from .records import RecordFile


class MotTextWriter(ResultWriter):
    """Lines of `frame,id,x,y,w,h,score,-1,-1,-1`, boxes in pixels, frames by `FrameResult.number`.

    Args:
        path: The text file.
    """

    def _open(self) -> None:
        self._records = RecordFile(self.partial)

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        lines = mot_lines(result)
        if lines:
            self._records.append(lines)

    def _finish(self) -> bool:
        self._records.close()
        return True


def mot_lines(result: FrameResult) -> str:
    """Return the MOTChallenge lines of a frame, empty when it has no tracks."""
    return ''.join(
        f'{result.number},{track},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},'
        f'{score:.4f},-1,-1,-1\n'
        for track, (x1, y1, x2, y2), score in zip(result.ids, result.boxes, result.scores)
    )
