"""Several cameras to their files, each with a folder of its own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..engine.stopping import StopOnSignal, Stopped
from ..errors import TrackingError
from ..fileio import safe_name
from ..video.results import FrameResult
from ..video.sources import FrameSource
from .cameras import Camera, CameraResults
from .outputs import TrackOutputs
from .segments import SegmentedOutputs
from .tracker import Tracker
from .video_run import reason_of
from .video_summary import VideoSummary

SEGMENT_MINUTES = 10.0  # of live sources, whose files would else be whole at their end alone


class CameraFiles:
    """The files of a camera, and what became of it.

    Args:
        camera: The camera.
        folder: Of its files.
        segment: Minutes of a segment; 0 writes one piece. None takes segments of 10 minutes for a
            live source, one piece for a file.
        show_scores: Whether to draw scores.
        options: Further ones of :class:`TrackOutputs`.

    Attributes:
        summary: What became of it.
        outputs: The files.
    """

    def __init__(
        self,
        camera: Camera,
        folder: Path,
        *,
        segment: float | None = None,
        show_scores: bool = False,
        **options: Any,
    ) -> None:
        self.camera, self._begin = camera, time.monotonic()
        self.summary = VideoSummary(camera.name, camera.source.label)
        self._identities: set[int] = set()
        if segment is None:
            segment = SEGMENT_MINUTES if camera.source.live else 0.0
        self.outputs: TrackOutputs | SegmentedOutputs
        if segment > 0:
            self.outputs = SegmentedOutputs(
                folder,
                camera.source,
                minutes=segment,
                name=camera.name,
                show_scores=show_scores,
                **options,
            )
        else:
            self.outputs = TrackOutputs(folder, camera.source, name=camera.name, **options)

    def write(self, result: FrameResult) -> None:
        """Take a result.

        Raises:
            OutputError: It cannot be written.
        """
        self._identities.update(result.ids.tolist())
        self.summary.frames += 1
        self.summary.tracks = len(self._identities)
        self.outputs.write(result)
        self._count()

    def close(self) -> None:
        """Complete the files, however the camera ended."""
        summary, camera = self.summary, self.camera
        if summary.status == 'not begun':
            summary.status = 'tracked' if camera.ended else 'stopped'
        if camera.failure is not None:
            summary.status, summary.error = 'failed', reason_of(camera.failure)
        elif camera.source.incomplete is not None:
            summary.status, summary.error = 'incomplete', camera.source.incomplete
        self._count()
        try:
            self.outputs.close(complete=summary.status == 'tracked')
        except TrackingError as error:
            summary.status, summary.error = 'failed', str(error)

    def _count(self) -> None:
        summary, camera = self.summary, self.camera
        summary.seconds = time.monotonic() - self._begin
        summary.count(camera)
        summary.count_live(
            dropped=camera.reader.dropped, latency=camera.latency, gaps=camera.source.gaps
        )
        self.outputs.info.update(summary.entries())


def write_cameras(
    tracker: Tracker,
    sources: Mapping[str, FrameSource],
    out: str | Path,
    *,
    max_frames: int | None = None,
    after_frame: Callable[[str], object] = lambda name: None,
    **options: Any,
) -> tuple[list[VideoSummary], int | None]:
    """Track cameras until all have ended, or a signal comes, and write what comes of each.

    Args:
        tracker: As of :class:`CameraResults`.
        sources: Opened, by name.
        out: Folder of the results; each camera has a folder of its name in it.
        max_frames: Stop after so many frames of each.
        after_frame: Called with the camera's name after each frame.
        **options: Of :class:`CameraFiles`.

    Returns:
        What became of each, and the number of the signal, None when none came.

    Raises:
        TrackingError: The model cannot follow several cameras, or results cannot be written.
    """
    results = CameraResults(tracker, sources)
    files: dict[str, CameraFiles] = {}
    with StopOnSignal() as signals, contextlib.closing(results):
        try:
            for name, camera in results.cameras.items():
                folder = Path(out) / safe_name(name, 'the name of the camera')
                files[name] = CameraFiles(camera, folder, **options)
            for name, result in results:
                try:
                    files[name].write(result)
                except TrackingError as error:  # its disk, or its picture's size: of this one alone
                    results.cameras[name].failure = error
                    results.end(name)
                if files[name].summary.frames == max_frames:
                    files[name].summary.status = 'shortened'
                    results.end(name)
                after_frame(name)
        except Stopped:
            pass
        finally:
            signals.closing = True
            for one in files.values():
                one.close()
    return [one.summary for one in files.values()], signals.received
