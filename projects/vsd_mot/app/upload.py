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

from ..apis import Tracker, TrackOutputs, open_source, track_video
from ..apis.inference import VideoResults
from ..apis.offline import OfflineResults
from ..errors import SourceError
from ..video.results import FrameResult
from ..video.video_source import VideoSource
from ..visualization import TrackAnnotator
from .track_table import TrackTable

MAX_FAULTS = 5  # that are listed


@dataclass(frozen=True)
class Limits:
    """What a video that strangers upload may take of this machine.

    Attributes:
        frames: Only so many are tracked.
        pixels: Of a frame. Raising it takes memory: some forty frames are held at once.
    """

    frames: int = 3000
    pixels: int = 4096 * 2304


@dataclass(frozen=True)
class Settings:
    """What whoever uses the app chooses.

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
        files: By kind, as `TrackOutputs.files`, and `zip` with all of them.
        table: The tracks.
        frames: How many were tracked.
        seconds: What it took.
        damage: How many frames had which damage.
        notes: What else is to be known of video and results, a sentence each.
    """

    files: dict[str, Path]
    table: TrackTable
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
    require_fit(path, limits)
    results = track_video(tracker, path, window=settings.window, fps=settings.fps)
    source = results.source
    source.label = path.name  # whoever reads the results need not know where it lay
    most = min(limits.frames, settings.max_frames or limits.frames)
    total = most if source.length is None else min(source.length, most)
    table, begin, complete = TrackTable(tracker.classes), time.monotonic(), False
    progress(0, total)
    with (
        closing(results),
        TrackOutputs(
            folder,
            source,
            classes=tracker.classes,
            info=info,
            annotator=TrackAnnotator(source.fps, show_scores=settings.show_scores, min_side=480),
        ) as outputs,
    ):
        for done, result in enumerate(results, 1):
            kept = above(result, settings.min_score)
            outputs.write(kept)
            table.add(kept)
            progress(done, total)
            if done == most or (stop is not None and stop.is_set()):
                break
        else:
            complete = source.incomplete is None
        files = dict(outputs.close(complete=complete, incomplete=source.incomplete))
    files['zip'] = pack(files, folder / f'{source.name}.zip')
    return Outcome(
        files=files,
        table=table,
        frames=outputs.frames,
        seconds=time.monotonic() - begin,
        damage=results.damage if isinstance(results, VideoResults) else Counter(),
        notes=notes_on(results, outputs.frames),
    )


def require_fit(path: Path, limits: Limits) -> None:
    """Refuse a video whose frames are too large.

    Raises:
        SourceError: They are, or it is no video file.
    """
    with closing(open_source(path)) as source:
        if not isinstance(source, VideoSource):
            raise SourceError(f'{path.name} is not a video file')
        size = source.stream.width, source.stream.height
    if size[0] * size[1] > limits.pixels:
        raise SourceError(
            f'the frames of {path.name} have {size[0]} x {size[1]} pixels; at most '
            f'{limits.pixels / 1e6:.1f} million pixels are taken here: make it smaller'
        )


def above(result: FrameResult, min_score: float) -> FrameResult:
    """Leave out the boxes of a frame whose score is below a threshold; changes the result."""
    if min_score > 0:
        tracks = result.pred_track_instances
        result.pred_track_instances = tracks[tracks.scores >= min_score]
    return result


def notes_on(results: VideoResults | OfflineResults, frames: int) -> list[str]:
    """Say what is to be known of a video and its results, a sentence each.

    Args:
        results: Those of the whole video, iterated.
        frames: How many of them were used.
    """
    source = results.source
    notes = [note for note in (source.note, source.incomplete, source.remark) if note]
    if source.length is not None and frames < source.length and not source.incomplete:
        notes.insert(0, f'the first {frames} of {source.length} frames were tracked')
    if results.faults:
        notes.append(f'{len(results.faults)} frames could not be read or are damaged')
        notes += results.faults[:MAX_FAULTS]
        if len(results.faults) > MAX_FAULTS:
            notes.append('the others are in the JSON')
    return notes


def pack(files: dict[str, Path], path: Path) -> Path:
    """Put files into one ZIP, without compressing them again."""
    with zipfile.ZipFile(path, 'w') as archive:
        for file in files.values():
            archive.write(file, file.name)
    return path
