"""Ground truth and results in other formats than MOTChallenge's, written as those for scoring."""

from __future__ import annotations

from pathlib import Path

from ..datasets.tracks import TrackTable, read_tracks
from ..errors import DataFileError
from ..fileio import safe_name
from ..video.writers.base import ResultWriter
from ..video.writers.facts import VideoFacts
from ..video.writers.mot_sequence import MotSequenceWriter
from ..video.writers.mot_text import MotTextWriter

SUFFIXES = ('.json', '.xml')


def as_sequences(path: Path, folder: Path) -> tuple[Path, list[str]]:
    """Return ground truth as sequences in the MOTChallenge layout.

    Args:
        path: COCO-style JSON or CVAT's XML, whose videos become sequences; all else stays.
        folder: Where they are written.

    Returns:
        The folder of the sequences, or the path itself; and what is to be said of it.

    Raises:
        DataFileError: It cannot be read, or has no identities.
    """
    if path.suffix.lower() not in SUFFIXES or path.is_dir():
        return path, []
    notes = []
    for table in _tables(path):
        writer = MotSequenceWriter(folder / table.name, VideoFacts(table.name, table.fps or 30.0))
        _write(table, writer)
        notes += [*table.remarks, *([writer.remark] if writer.remark else [])]
    return folder, notes


def as_result_text(path: Path, folder: Path) -> Path:
    """Return results as MOTChallenge text.

    Args:
        path: COCO-style JSON or CVAT's XML, a text file for each of whose videos is written; all
            else stays.
        folder: Where they are written.

    Raises:
        DataFileError: It cannot be read, or has no identities.
    """
    if path.suffix.lower() not in SUFFIXES or path.is_dir():
        return path
    tables = _tables(path)
    for table in tables:
        _write(table, MotTextWriter(folder / f'{table.name}.txt'))
    return folder / f'{tables[0].name}.txt' if len(tables) == 1 else folder


def _tables(path: Path) -> list[TrackTable]:
    tables = read_tracks(path)
    for table in tables:
        if table.ids is None:
            raise DataFileError(f'{path} holds detections without identities, which are no tracks')
        try:
            safe_name(table.name, f'{path}: the name of the video')
        except ValueError as error:
            raise DataFileError(str(error)) from error
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        raise DataFileError(f'{path}: two videos have one name, by which they are told apart')
    return tables


def _write(table: TrackTable, writer: ResultWriter) -> None:
    with writer:
        for result in table.results():
            writer.write(result, None)
