"""Make the page: read the video, the results and the ground truth, and score."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from ...errors import SourceError
from ...fileio import write_atomically
from ...video.damage import DamageWatch
from ...video.reader import FrameReader
from ...video.sources import FrameSource
from ...video.writers.page_clip import MEGABYTES, PageClipWriter
from ...visualization.pages import PageClip, PageTracks, track_page
from ..diagnosis import read_truth
from ..mot_files import EvaluationError, evaluate_mot_files
from .errors import error_events
from .reading import frame_indices, read_result

METRICS = ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')


def make_page(
    source: FrameSource,
    results: Mapping[str, Path],
    *,
    ground_truth: Path | None = None,
    megabytes: float = MEGABYTES,
    max_frames: int | None = None,
    progress: Callable[[], object] = lambda: None,
) -> str:
    """Return the page of one video, with the results of trackers.

    Args:
        source: The video.
        results: File of each tracker by its name, see :func:`read_result`.
        ground_truth: Sequence with `gt/gt.txt`; trackers are then scored, and their errors listed.
        megabytes: What the video may take in the page, about.
        max_frames: Read this many frames only.
        progress: Called after every frame.

    Raises:
        SourceError: The video is live, or cannot be read.
        EvaluationError: Results or ground truth are of another video.
        MotTextError: A line of a file is wrong.
    """
    for path in results.values():
        if not path.is_file():
            raise EvaluationError(f'there is no file {path}')
    if ground_truth is not None and not (ground_truth / 'gt' / 'gt.txt').is_file():
        raise EvaluationError(
            f'no ground truth in {ground_truth}: expected the folder of a sequence, with gt/gt.txt'
        )
    clip = read_clip(source, megabytes=megabytes, max_frames=max_frames, progress=progress)
    sets = [read_result(path, name, clip.numbers) for name, path in results.items()]
    if ground_truth is not None:
        truth = truth_of(ground_truth, clip.numbers)
        for one in sets:
            one.events = error_events(truth, one)
            one.metrics = scores_of(one, ground_truth, clip.numbers)
        sets.insert(0, truth)
    return track_page(clip, sets)


def read_clip(
    source: FrameSource,
    *,
    megabytes: float = MEGABYTES,
    max_frames: int | None = None,
    progress: Callable[[], object] = lambda: None,
) -> PageClip:
    """Read a video for a page, and note its damage; arguments as for :func:`make_page`."""
    if source.live:
        raise SourceError(
            f'{source.label} is live: a page of it is written by `vsd-mot track --page`'
        )
    writer, watch = PageClipWriter(source, megabytes), DamageWatch()
    reader = FrameReader(source)
    try:
        for frame in reader:
            frame = watch.look(frame)
            writer.add(frame.image, time=frame.time, number=frame.number, damage=frame.damage)
            progress()
            if len(writer) == max_frames:
                break
        return writer.finish()
    finally:
        writer.discard()
        reader.close()


def truth_of(sequence: Path, numbers: np.ndarray) -> PageTracks:
    """Read the ground truth of a video.

    Args:
        sequence: Folder with `gt/gt.txt`.
        numbers: Of the video's frames, ``(F,)``.
    """
    rows = read_truth(sequence)
    return PageTracks(
        'ground truth',
        frames=frame_indices(rows[:, 0].astype(int), numbers, sequence / 'gt' / 'gt.txt'),
        identities=rows[:, 1].astype(int).tolist(),
        boxes=rows[:, 2:6],
        scores=np.ones(len(rows)),
        truth=True,
    )


def scores_of(tracks: PageTracks, sequence: Path, numbers: np.ndarray) -> dict[str, float]:
    """Score a tracker by TrackEval; arguments as for :func:`truth_of`."""
    lines = [
        f'{number},{identity},{x!r},{y!r},{width!r},{height!r},{score!r},-1,-1,-1\n'
        for number, identity, (x, y, width, height), score in zip(
            numbers[tracks.frames].tolist(),
            tracks.identities,
            tracks.boxes.tolist(),
            tracks.scores.tolist(),
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / 'results.txt'
        write_atomically(file, ''.join(lines), sync=False)
        scores = evaluate_mot_files(sequence, file).combined
    return {name: scores[name] for name in METRICS}
