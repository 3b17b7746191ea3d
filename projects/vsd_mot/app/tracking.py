"""Track an uploaded video: what the app does, without the page around it."""

from __future__ import annotations

import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from ..apis import Tracker, TrackOutputs, track_video
from ..apis.result_stream import ResultStream
from ..video.results import FrameResult
from ..visualization import TrackAnnotator
from .frame_curves import FrameCurves
from .track_table import TrackTable
from .uploads import Limits, open_upload

MAX_FAULTS = 5  # that are listed


@dataclass(frozen=True)
class Settings:
    """What a visitor chooses.

    Attributes:
        window: Frames that are encoded as one batch, as in :func:`track_video`.
        min_score: Boxes below are left out of the results. The tracker itself sees no difference.
        max_frames: Stop after so many frames; None stops at the end, or at the limit.
        show_scores: Draw scores beside the identities.
        fps: Frames per second in place of what the file says; None believes the file.
    """

    window: int = 8
    min_score: float = 0.0
    max_frames: int | None = None
    show_scores: bool = False
    fps: float | None = None


@dataclass
class Outcome:
    """What came out.

    Attributes:
        files: By kind, as `TrackOutputs.files`, after `zip` with all of them.
        table: The tracks.
        curves: Quality and number of tracks over time.
        frames: How many were tracked.
        seconds: What it took.
        damage: How many frames had which damage.
        notes: What else is to be known of video and results, a sentence each.
    """

    files: dict[str, Path]
    table: TrackTable
    curves: FrameCurves
    frames: int
    seconds: float
    damage: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


Progress = Callable[[int, int | None], None]
"""Is called with the number of frames done, and of all, None where nobody knows."""


def track_upload(
    tracker: Tracker,
    path: Path,
    folder: Path,
    *,
    settings: Settings | None = None,
    limits: Limits | None = None,
    info: dict | None = None,
    progress: Progress = lambda done, total: None,
    stop: Event | None = None,
) -> Outcome:
    """Track a video file and write all results.

    Args:
        tracker: From :func:`init_tracker`.
        path: The video.
        folder: Where the results go.
        settings: What was chosen.
        limits: What is allowed.
        info: Entries for the JSON's `info`.
        progress: Is called after every frame.
        stop: Set it from another thread to end early; what was tracked by then is written.

    Raises:
        SourceError: The file is no video that can be read, or its frames are too large.
        TrackingError: It could not be tracked to its end.
    """
    settings, limits = settings or Settings(), limits or Limits()
    most = min(limits.frames, settings.max_frames or limits.frames)
    table, curves, begin, complete = TrackTable(), FrameCurves(), time.monotonic(), False
    with (
        closing(open_upload(path, limits, fps=settings.fps)) as source,
        closing(track_video(tracker, source, window=settings.window)) as results,
        TrackOutputs(
            folder,
            source,
            info=info,
            annotator=TrackAnnotator(source.fps, show_scores=settings.show_scores, min_side=480),
        ) as outputs,
    ):
        total = most if source.length is None else min(source.length, most)
        progress(0, total)
        for done, result in enumerate(results, 1):
            leave_out(result, settings.min_score)
            for receiver in (outputs.write, table.add, curves.add):
                receiver(result)
            progress(done, total)
            if done == most or (stop is not None and stop.is_set()):
                break
        else:
            complete = True
        files = outputs.close(complete=complete)
    return Outcome(
        files={'zip': pack(files, folder / f'{source.name}.zip'), **files},
        table=table,
        curves=curves,
        frames=outputs.frames,
        seconds=time.monotonic() - begin,
        damage=results.damage,
        notes=notes_on(results, outputs),
    )


def leave_out(result: FrameResult, min_score: float) -> None:
    """Leave the boxes whose score is below a threshold out of a frame's result."""
    if min_score > 0:
        tracks = result.pred_track_instances
        result.pred_track_instances = tracks[tracks.scores >= min_score]


def notes_on(results: ResultStream, outputs: TrackOutputs) -> list[str]:
    """Say what is to be known of a video and its results, a sentence each.

    Args:
        results: Those of the video, iterated as far as was wanted.
        outputs: Their files, closed.
    """
    source, notes = results.source, []
    if source.length is not None and outputs.frames < source.length and not source.incomplete:
        notes.append(f'the first {outputs.frames} of {source.length} frames were tracked')
    notes += [note for note in (source.note, source.incomplete) if note]
    notes += [*results.remarks, *outputs.remarks]
    if results.fault_count:
        notes.append(f'{results.fault_count} frames could not be read or are damaged')
        notes += results.faults[:MAX_FAULTS]
        if results.fault_count > MAX_FAULTS:
            notes.append('the others are in the JSON')
    return notes


def pack(files: dict[str, Path], path: Path) -> Path:
    """Put files into one ZIP, without compressing them again."""
    with zipfile.ZipFile(path, 'w') as archive:
        for file in files.values():
            archive.write(file, file.name)
    return path
