"""CVAT's XML for videos as a table of tracks."""

from __future__ import annotations

import xml.sax
from pathlib import Path

import numpy as np
from defusedxml import sax
from defusedxml.common import DefusedXmlException

from ...data_files import MAX_JSON_BYTES
from ...errors import DataFileError
from ...images import MAX_PIXELS
from .cvat_elements import MAX_FRAMES, CvatHandler
from .table import TrackTable, numbered_frames

MAX_BOXES = 50_000_000  # with those between key frames


def read_cvat(path: Path) -> list[TrackTable]:
    """Read a file that CVAT exports as "CVAT for video 1.1".

    Between two boxes of a track that are not in neighbouring frames, the boxes lie on the line
    between them, and a track without an end goes on to the last frame, as CVAT has it.
    ``occluded`` objects have visibility 0, others 1; those with an attribute ``ignored`` do not
    count. Frames count from 0 in the file.

    Args:
        path: The file: up to 4 GiB, 64 levels; without a DTD and entities.

    Returns:
        One table.

    Raises:
        DataFileError: It cannot be read, or an element cannot be right: the line is named.
    """
    if not path.is_file():
        raise DataFileError(f'{path} {"is not a file" if path.exists() else "does not exist"}')
    if path.stat().st_size > MAX_JSON_BYTES:
        raise DataFileError(f'{path} is larger than the {MAX_JSON_BYTES} bytes that are read')
    content = CvatHandler(path)
    try:
        with path.open('rb') as file:
            sax.parse(file, content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DataFileError(
            f'{path} has a DTD or entities, which CVAT does not write, and which can do harm: '
            f'export it from CVAT again ({type(error).__name__})'
        ) from error
    except xml.sax.SAXParseException as error:
        raise DataFileError(
            f'{path}, line {error.getLineNumber()}: not XML: {error.getMessage()}'
        ) from error
    except (OSError, xml.sax.SAXException, UnicodeError, LookupError) as error:
        raise DataFileError(f'{path} cannot be read as XML: {error}') from error
    return [_table(content)]


def _table(content: CvatHandler) -> TrackTable:
    stop = content.meta_number('stop_frame', MAX_FRAMES)
    if stop is None and (count := content.meta_number('size', MAX_FRAMES)) is not None:
        stop = count - 1
    filled = []
    total = 0
    for track in content.tracks.values():
        rows = np.array(sorted(track.rows), np.float64).reshape(-1, 8)
        if len(rows) and stop is not None and rows[-1, 0] > stop:
            raise DataFileError(
                f'{content.path}, line {track.line}: track {track.identity} has frame '
                f'{rows[-1, 0]:.0f}, and the last frame of the task is {stop}'
            )
        total += _filled_length(rows, stop)
        if total > MAX_BOXES:
            raise DataFileError(
                f'{content.path}: more than {MAX_BOXES} boxes, with those between key frames'
            )
        filled.append(between_keys(rows, stop))
    counts = [len(rows) for rows in filled]
    rows = np.concatenate([*filled, np.zeros((0, 8))])
    numbers = rows[:, 0].astype(np.int64) + 1
    frames, places = numbered_frames(numbers, last=None if stop is None else stop + 1)
    width, height = (
        content.meta_number('width', MAX_PIXELS),
        content.meta_number('height', MAX_PIXELS),
    )
    tracks = list(content.tracks.values())
    labels = [content.names.index(track.label) for track in tracks]
    remarks = []
    if content.other_shapes:
        remarks.append(
            f'{content.path}: {content.other_shapes} shapes that are no boxes are left out'
        )
    return TrackTable(
        content.path,
        content.meta.get('name') or content.path.stem,
        frames,
        rows=places,
        ids=np.repeat(np.array([t.identity for t in tracks], np.int64), counts),
        boxes=rows[:, 4:],
        labels=np.repeat(np.array(labels, np.int64), counts),
        classes=tuple(content.names),
        scores=np.ones(len(rows)),
        visibility=1.0 - rows[:, 2],
        ignored=rows[:, 3] == 1,
        size=None if width is None or height is None else (width, height),
        length=None if stop is None else stop + 1,
        remarks=remarks,
    )


def _filled_length(rows: np.ndarray, stop: int | None) -> int:
    if not len(rows):
        return 0
    last = max(rows[-1, 0], stop or 0)
    return int(last - rows[0, 0]) + 1


def between_keys(rows: np.ndarray, stop: int | None) -> np.ndarray:
    """Return a track's boxes in all frames in which it is.

    Args:
        rows: (K, 8) frame, outside, occluded, ignored and corners of its key frames, in order.
        stop: The last frame of the video, to which a track without an end goes on; None ends it
            with its last box.

    Returns:
        (M, 8) rows, those outside left out.
    """
    if not len(rows):
        return rows
    keys = rows[:, 0]
    last = keys[-1] if stop is None or rows[-1, 1] else max(keys[-1], stop)
    frames = np.arange(keys[0], last + 1)
    before = np.searchsorted(keys, frames, side='right') - 1
    after = np.minimum(before + 1, len(rows) - 1)
    span = np.maximum(keys[after] - keys[before], 1)
    share = np.where(after > before, (frames - keys[before]) / span, 0.0)
    # Before a box that is outside, a track stays where it was.
    share = np.where(rows[after, 1] == 1, 0.0, share)[:, None]
    filled = rows[before]
    filled[:, 0] = frames
    filled[:, 4:] = (1 - share) * rows[before, 4:] + share * rows[after, 4:]
    return filled[filled[:, 1] == 0]
