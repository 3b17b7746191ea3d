"""Tracks as a page for the browser."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np

from ...fileio import open_new
from ...visualization.pages import PageTracks, track_page
from ..results import FrameResult
from ..sources import FrameSource
from .base import ResultWriter
from .page_clip import PageClipWriter

CURVES = ('quality', 'semantic_weight')


class PageWriter(ResultWriter):
    """One HTML file with video, boxes, timeline and curves, which needs no other file.

    Boxes are kept in memory, 40 bytes each, and the page at its end.

    Args:
        path: The HTML file.
        source: The video.
        name: What the page calls the tracker.
    """

    def __init__(self, path: str | Path, source: FrameSource, *, name: str = 'tracks') -> None:
        self.name = name
        self._clip = PageClipWriter(source)
        self._boxes: list[np.ndarray] = []
        self._ids: list[np.ndarray] = []
        self._scores: list[np.ndarray] = []
        self._semantics: list[list[float]] = []
        try:
            super().__init__(path)
        except BaseException:
            self._clip.discard()
            raise

    def _open(self) -> None:
        open_new(self.partial).close()

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        self._clip.add(result.image, time=result.time, number=result.number, damage=result.damage)
        self._boxes.append(result.boxes)
        self._ids.append(result.ids)
        self._scores.append(result.scores)
        self._semantics.append([result.semantics.get(key, np.nan) for key in CURVES])

    def _finish(self) -> bool:
        if not self._boxes:
            self._clip.discard()
            return False
        clip = self._clip.finish()
        boxes = np.concatenate(self._boxes).astype(np.float64)
        curves = dict(zip(CURVES, np.array(self._semantics).T))
        tracks = PageTracks(
            self.name,
            frames=np.repeat(np.arange(len(self._boxes)), [len(one) for one in self._boxes]),
            identities=np.concatenate(self._ids).tolist(),
            boxes=np.column_stack((boxes[:, :2], boxes[:, 2:] - boxes[:, :2])),
            scores=np.concatenate(self._scores),
            curves={name: one for name, one in curves.items() if np.isfinite(one).any()},
        )
        self.partial.write_text(track_page(clip, [tracks]), encoding='utf-8')
        return True

    def discard(self) -> None:
        """Give up: leave nothing behind."""
        with contextlib.suppress(OSError):
            self._clip.discard()
        self._boxes.clear()
        super().discard()
