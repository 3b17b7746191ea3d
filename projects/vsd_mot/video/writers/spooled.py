"""What writers of whole tracks share: frames are spooled, and become the file at the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...fileio import temporary_beside
from ..results import FrameResult
from .base import ResultWriter
from .facts import VideoFacts
from .records import RecordFile
from .track_spool import TrackSpool


class SpooledWriter(ResultWriter):
    """Base of writers whose file has its boxes track by track.

    Boxes wait in a temporary file beside the final one, so that memory does not grow with the
    video. A full disk leaves no file: half of one would look whole.

    Args:
        path: The final file.
        facts: Of the video.
    """

    def __init__(self, path: str | Path, facts: VideoFacts) -> None:
        self.facts = facts
        super().__init__(path)

    def _open(self) -> None:
        self.spool = TrackSpool(temporary_beside(self.path, '.partial'))

    def _write(self, result: FrameResult, picture: np.ndarray | None) -> None:
        self.spool.add(result)

    def _finish(self) -> bool:
        try:
            if self.spool.frames == 0:
                return False
            records = RecordFile(self.partial)
            try:
                self._append_all(records)
            finally:
                records.close()
            self.remark = self._remark()
            return True
        except BaseException:
            self.partial.unlink(missing_ok=True)
            raise
        finally:
            self.spool.close()

    def _append_all(self, records: RecordFile) -> None:
        """Write the whole file."""
        raise NotImplementedError

    def _remark(self) -> str | None:
        """Say what the file could not hold."""
        lost = []
        if mixed := self.spool.mixed_tracks():
            lost.append(f'{mixed} tracks change their class and have their most frequent one')
        if self.spool.flat:
            lost.append(f'{self.spool.flat} boxes without an area are left out')
        return f'{self.path.name}: {"; ".join(lost)}' if lost else None

    def discard(self) -> None:
        """Give up: leave nothing behind, and what had the name before as it was."""
        self._closed = True
        self.spool.close()
        self.partial.unlink(missing_ok=True)
