"""From the results of a video to its files, however it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from ..engine.stopping import StopOnSignal, Stopped
from ..errors import TrackingError
from ..video.results import FrameResult
from .result_stream import ResultStream
from .video_summary import Status, VideoSummary


class Outputs(Protocol):
    """Where results go: :class:`TrackOutputs`, or segments of them.

    Attributes:
        name: What the files' names begin with.
        info: Entries for the JSON's `info`.
    """

    name: str
    info: dict

    def write(self, result: FrameResult) -> None:
        """Take a frame."""

    def close(self, *, complete: bool = True, incomplete: str | None = None) -> object:
        """Complete the files."""


class VideoRun:
    """Tracks a video and writes what comes of it.

    Args:
        results: Of the video.
        outputs: Receives them; completed at the end.
        max_frames: Stop after so many.
        after_frame: Called after each frame; False ends the run.

    Attributes:
        summary: What became of the video.
        failure: What ended it, None when nothing did.
    """

    def __init__(
        self,
        results: ResultStream,
        outputs: Outputs,
        *,
        max_frames: int | None = None,
        after_frame: Callable[[], bool | None] = lambda: None,
    ) -> None:
        self.results, self.outputs = results, outputs
        self.max_frames, self.after_frame = max_frames, after_frame
        self.summary = VideoSummary(outputs.name, results.source.label)
        self.failure: Exception | None = None

    def run(self, signals: StopOnSignal) -> VideoSummary:
        """Track to the end, an error, or a signal.

        Args:
            signals: In force; no more needed once the files are being completed.

        Returns:
            The summary. What was tracked is written in every case.
        """
        summary, self._begin = self.summary, time.monotonic()
        try:
            summary.status = self._track()
        except Stopped:
            summary.status = 'stopped'
        except Exception as error:
            summary.status, self.failure = 'failed', error
        signals.closing = True
        self._count()
        try:
            self.outputs.close(
                complete=summary.status == 'tracked', incomplete=self.results.source.incomplete
            )
        except TrackingError as error:
            summary.status, self.failure = 'failed', self.failure or error
        if self.failure is not None:
            summary.error = reason_of(self.failure)
        signals.closing = False
        return summary

    def _track(self) -> Status:
        summary = self.summary
        identities: set[int] = set()
        for result in self.results:
            identities.update(result.ids.tolist())
            summary.frames, summary.tracks = summary.frames + 1, len(identities)
            self.outputs.write(result)
            self._count()
            if self.after_frame() is False or summary.frames == self.max_frames:
                return 'shortened'
        if self.results.source.incomplete is not None:
            summary.error = self.results.source.incomplete
            return 'incomplete'
        return 'tracked'

    def _count(self) -> None:
        results, summary = self.results, self.summary
        summary.seconds = time.monotonic() - self._begin
        summary.count(results)
        summary.count_live(
            dropped=results.dropped, latency=results.latency, gaps=results.source.gaps
        )
        self.outputs.info.update(summary.entries())


def reason_of(error: Exception) -> str:
    """Return why a video failed, in words where there are some."""
    if isinstance(error, TrackingError | OSError) and str(error):
        return str(error)
    return f'{type(error).__name__}: {error}'
