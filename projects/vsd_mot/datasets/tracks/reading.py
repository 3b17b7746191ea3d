"""The one reader of tracks: finds out the format, and reads it."""

from __future__ import annotations

from pathlib import Path

from ...errors import DataFileError
from .coco import read_coco_tracks
from .cvat import read_cvat
from .mot import read_mot
from .table import TrackTable

READERS = {'mot': read_mot, 'coco': read_coco_tracks, 'cvat': read_cvat}
READ_FORMATS = tuple(READERS)
_BY_SUFFIX = {'.txt': 'mot', '.json': 'coco', '.xml': 'cvat'}


def read_tracks(path: str | Path, kind: str | None = None) -> list[TrackTable]:
    """Read the tracks, or detections, of a file.

    Args:
        path: MOTChallenge text (``.txt``, or the folder of a sequence), COCO-style JSON (``.json``)
            or CVAT's XML for videos (``.xml``).
        kind: One of ``READ_FORMATS``, where the name of the file does not say.

    Returns:
        A table for each video that is in it.

    Raises:
        DataFileError: It does not exist, its format cannot be told, or its content cannot be right.
        MotTextError: The same of MOTChallenge text.
    """
    path = Path(path)
    if not path.exists():
        raise DataFileError(f'{path} does not exist')
    kind = kind or ('mot' if path.is_dir() else _BY_SUFFIX.get(path.suffix.lower()))
    if kind is None:
        raise DataFileError(
            f'{path}: the format cannot be told by its name: say it with --from, one of '
            f'{", ".join(READ_FORMATS)}'
        )
    return READERS[kind](path)


def read_video_tracks(
    path: str | Path, kind: str | None = None, *, video: str | None = None
) -> TrackTable:
    """Read the tracks of one video.

    Args:
        path: As of :func:`read_tracks`.
        kind: As of :func:`read_tracks`.
        video: Name of the video, where the file has several.

    Raises:
        DataFileError: As :func:`read_tracks`, or the file does not have that one video.
    """
    tables = read_tracks(path, kind)
    fitting = [table for table in tables if video in (None, table.name)]
    if len(fitting) != 1:
        names = ', '.join(table.name for table in tables[:8])
        which = 'which one is not said' if video is None else f'{len(fitting)} are called {video}'
        raise DataFileError(f'{path} has {len(tables)} videos ({names}), and {which}')
    return fitting[0]
