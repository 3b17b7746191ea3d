"""The files of a source without end, in segments of some minutes."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from ..fileio import safe_name
from ..locks import FileLock
from ..video.results import FrameResult
from ..video.sources import FrameSource
from ..video.writers.base import write_error
from ..visualization.annotator import TrackAnnotator
from .outputs import TrackOutputs


class SegmentedOutputs:
    """Writes what :class:`TrackOutputs` writes, in segments of so many minutes.

    What has its name is whole, at any moment: only the segment that is being written has
    ``.partial`` files. A kill costs no more than that. Segments are named by when they begin
    (UTC), as ``door_20261126T065301Z``; in each of them frames and times count from its beginning,
    identities go on, and the `info` of its JSON has ``begin``, ``first_frame`` and ``first_time``.

    Memory does not grow with the number of frames.

    Args:
        folder: Where the files go; made when it is missing.
        source: What is tracked.
        minutes: Length of a segment. Raising it makes fewer and larger files, and a kill more
            costly.
        name: What the files' names begin with; None takes the source's name.
        info: Entries for each JSON's `info`; what is set meanwhile is in the segments after it.
        show_scores: Whether to draw scores.
        options: Further ones of :class:`TrackOutputs`.

    Attributes:
        name: What the files' names begin with.
        info: Entries for each JSON's `info`.
        picture: The latest annotated frame, as of :class:`TrackOutputs`.
        files: Of the last whole segment, by kind.
        segments: How many segments were begun.
        remarks: What of the results a file could not hold, of all whole segments.

    Raises:
        OutputError: The folder cannot be written to.
        BusyError: Another process is writing the segments of that name.
    """

    def __init__(
        self,
        folder: str | Path,
        source: FrameSource,
        *,
        minutes: float,
        name: str | None = None,
        info: dict | None = None,
        show_scores: bool = False,
        **options: Any,
    ) -> None:
        if not minutes > 0:
            raise ValueError(f'a segment is {minutes} minutes long; it has to be more than 0')
        self.folder, self.source = Path(folder), source
        self.seconds = 60 * minutes
        self.name = safe_name(name or source.name, 'the name of the source')
        self.info = dict(info or {})
        self.show_scores = show_scores
        self.files: dict[str, Path] = {}
        self.segments = 0
        self.remarks: list[str] = []
        self._options = options
        self._segment: TrackOutputs | None = None
        self._first: FrameResult | None = None
        self._identities: set[int] = set()
        self._stamp, self._number = '', 0
        try:
            self._lock = FileLock(self.folder / f'.{self.name}.lock', f'{self.folder / self.name}')
        except OSError as error:
            raise write_error(self.folder, error) from error
        self._clear_leftovers()
        # Completing a segment takes seconds, for which a camera does not wait.
        self._completing = ThreadPoolExecutor(1, thread_name_prefix='segment')
        self._completed: Future | None = None

    @property
    def picture(self) -> np.ndarray | None:
        """The latest annotated frame; None before the first of a segment."""
        return None if self._segment is None else self._segment.picture

    def write(self, result: FrameResult) -> None:
        """Hand over a frame; see :meth:`TrackOutputs.write`.

        Raises:
            OutputError: Writing this or an earlier frame, or completing a segment, failed.
        """
        if self._first is not None and result.time - self._first.time >= self.seconds:
            self._complete(complete=True)
        if self._segment is None or self._first is None:
            self._first = result
            self._segment = self._begin(result)
        self._identities.update(result.ids.tolist())
        first = self._first
        self._segment.write(
            replace(
                result,
                index=result.index - first.index,
                number=result.number - first.number + 1,
                time=result.time - first.time,
            )
        )

    def close(self, *, complete: bool = True, incomplete: str | None = None) -> dict[str, Path]:
        """Complete the last segment.

        Args:
            complete: As of :meth:`TrackOutputs.close`.
            incomplete: As of :meth:`TrackOutputs.close`.

        Returns:
            `files`.

        Raises:
            OutputError: As of :meth:`TrackOutputs.close`.
        """
        try:
            self._complete(complete=complete, incomplete=incomplete)
            self._wait()
        finally:
            self._completing.shutdown()
            self._lock.release()
        return self.files

    def __enter__(self) -> SegmentedOutputs:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self.close(complete=kind is None)

    def _begin(self, result: FrameResult) -> TrackOutputs:
        begin = datetime.now(timezone.utc)
        stamp = f'{self.name}_{begin:%Y%m%dT%H%M%SZ}'
        # The one before may have this name still to come.
        numbers = itertools.count(self._number + 1 if stamp == self._stamp else 1)
        for number in numbers:
            name = stamp if number == 1 else f'{stamp}-{number}'
            if not any((self.folder / f'{name}{end}').exists() for end in ('.json', '.txt')):
                break
        self._stamp, self._number = stamp, number
        self.segments += 1
        return TrackOutputs(
            self.folder,
            self.source,
            name=name,
            info=dict(
                begin=begin.isoformat(timespec='milliseconds'),
                first_frame=result.number,
                first_time=round(result.time, 4),
            ),
            annotator=TrackAnnotator(self.source.fps, show_scores=self.show_scores, min_side=480),
            **self._options,
        )

    def _complete(self, *, complete: bool, incomplete: str | None = None) -> None:
        """Let the segment be completed in the background, one after the other."""
        self._wait()
        segment, self._segment, self._first = self._segment, None, None
        if segment is None:
            return
        segment.info = {**self.info, **segment.info, 'tracks': len(self._identities)}
        self._identities = set()
        self._completed = self._completing.submit(
            self._close, segment, complete=complete, incomplete=incomplete
        )

    def _close(self, segment: TrackOutputs, **state: Any) -> dict[str, Path]:
        files = segment.close(**state)
        self.remarks += segment.remarks
        return files

    def _wait(self) -> None:
        if self._completed is not None:
            completed, self._completed = self._completed, None
            self.files = completed.result()

    def _clear_leftovers(self) -> None:
        """Remove what killed runs kept for themselves; their ``.partial`` files stay."""
        of_ours = re.compile(rf'\.{re.escape(self.name)}_\d{{8}}T\d{{6}}Z(-\d+)?\.(reserve|lock)')
        for path in self.folder.iterdir():
            if of_ours.fullmatch(path.name):
                path.unlink(missing_ok=True)
