"""Tracks from one format into another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ...errors import DataFileError, OutputError
from ...mot_layout import DEFAULT_FPS
from ...video.writers.facts import VideoFacts
from ...video.writers.formats import FORMATS
from .reading import read_video_tracks

# Formats that can say of an object of ground truth that it does not count.
HOLD_IGNORED = ('coco', 'cvat', 'mot-gt')
NEED_SIZE = ('coco', 'yolo', 'label-studio')


def convert_tracks(
    source: str | Path,
    out: str | Path,
    *,
    to: str,
    kind: str | None = None,
    video: str | None = None,
    fps: float | None = None,
    size: tuple[int, int] | None = None,
) -> list[str]:
    """Write the tracks of a file, results or ground truth, in another format.

    Args:
        source: What :func:`read_tracks` reads.
        out: The file, or folder (``yolo``, ``mot-gt``), which must not be there; of ``mot-gt`` only
            its ``gt/gt.txt`` must not.
        to: One of ``FORMATS``.
        kind: Format of the source, where its name does not say.
        video: Name of the video, where the source has several.
        fps: Frames per second, in place of what the source says.
        size: (width, height) of the pictures in pixels, in place of what the source says.

    Returns:
        What was done, and what could not be kept, a line each.

    Raises:
        DataFileError: The source cannot be read, or has detections without identities.
        OutputError: The target is there already, or cannot be written.
    """
    table = read_video_tracks(source, kind, video=video)
    if table.ids is None:
        raise DataFileError(
            f'{source} holds detections, which have no identities: track from them '
            '(vsd-mot track VIDEO --proposals FILE)'
        )
    target = Path(out) / 'gt' / 'gt.txt' if to == 'mot-gt' else Path(out)
    if target.exists():
        raise OutputError(f'{target} is there already: name another place, or remove it')
    if size is not None:
        table.frames = [replace(frame, size=size) for frame in table.frames]
        table.size = size
    if to in NEED_SIZE and table.size is None:
        raise OutputError(
            f'{source} does not say the size of the pictures, which {to} needs: say it with --size '
            'WIDTH HEIGHT'
        )
    lines = list(table.remarks)
    if table.ignored.any() and to not in HOLD_IGNORED:
        lines.append(f'{table.ignored.sum()} boxes of objects that do not count are left out')
        table = table.only(~table.ignored)
    table.fps = fps or table.fps
    if table.fps is None:
        table.fps = DEFAULT_FPS
        lines.append(f'{source} does not say a frame rate, taken as {DEFAULT_FPS:g}')
    writer = FORMATS[to].make(Path(out), VideoFacts(table.name, table.fps))
    try:
        for result in table.results():
            writer.write(result, None)
        written = writer.close()
    except BaseException:
        writer.discard()
        raise
    if written is None:
        raise OutputError(f'{source} has no frames, {out} was not written')
    if writer.remark is not None:
        lines.append(writer.remark)
    tracks = 0 if table.ids is None else len(np.unique(table.ids))
    return [*lines, f'{len(table)} boxes of {tracks} tracks -> {written}']
