"""MOTChallenge text as a table of tracks."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ...errors import MotTextError
from ...mot_layout import image_folder, numbered_images, read_seqinfo
from ...mot_text import MOT_CLASSES, PEDESTRIAN, MotRows, labels_beside, read_mot_rows
from ...video.results import names_up_to
from .table import TrackTable, numbered_frames

MAX_TRACK = 2**63 - 1


def read_mot(path: Path) -> list[TrackTable]:
    """Read MOTChallenge text: results, or ground truth with its sequence around it.

    Args:
        path: A text file, or the folder of a sequence, whose ``gt/gt.txt`` is read. A ``gt.txt`` in
            a folder ``gt`` is ground truth: column 7 is the consider mark there, else the score.

    Returns:
        One table.

    Raises:
        MotTextError: As :func:`read_mot_rows`, or a track is in a frame twice.
        ValueError: ``seqinfo.ini`` cannot be read.
    """
    file = path / 'gt' / 'gt.txt' if path.is_dir() else path
    rows = read_mot_rows(file, translate=False)
    is_truth = file.name == 'gt.txt' and file.parent.name == 'gt'
    sequence = file.parent.parent if is_truth else None
    identified = any(identity >= 0 for identity in rows.ids)
    if identified:
        rows.require_unique()
    if identified and max(map(abs, rows.ids)) > MAX_TRACK:
        place = max(range(len(rows)), key=lambda row: abs(rows.ids[row]))
        raise MotTextError(
            f'{rows.where(place)}: the identity {rows.ids[place]} has more than 63 bits: number '
            'the tracks anew'
        )
    labels, classes = _classes(rows)
    info = read_seqinfo(sequence) if sequence is not None else {}
    length = _positive(info.get('seqlength'))
    positions = None
    if sequence is not None and (images := image_folder(sequence)).is_dir():
        positions = {number: place for place, number in enumerate(numbered_images(images))}
        if set(rows.frames.tolist()) - set(positions):
            positions = None  # other pictures: the numbers are all there is
        else:
            length = max(positions, default=length)
    if length is not None and length < rows.frames.max(initial=0):
        length = None
    if positions is not None and length not in positions:
        length = None
    frames, places = numbered_frames(
        rows.frames, last=None if length is None else int(length), positions=positions
    )
    boxes = rows.boxes.copy()
    boxes[:, 2:] += boxes[:, :2]
    marks = rows.column(7, 1)
    sizes = _positive(info.get('imwidth')), _positive(info.get('imheight'))
    name = sequence.resolve().name if sequence is not None else file.stem
    fps = _positive(info.get('framerate'))
    return [
        TrackTable(
            file,
            name,
            frames,
            rows=places,
            ids=np.array(rows.ids, np.int64) if identified else None,
            boxes=boxes,
            labels=labels,
            classes=classes,
            scores=np.ones(len(rows)) if is_truth else marks,
            visibility=_visibility(rows) if is_truth else np.ones(len(rows)),
            ignored=marks == 0 if is_truth else np.zeros(len(rows), bool),
            fps=fps,
            size=None if None in sizes else (int(sizes[0] or 0), int(sizes[1] or 0)),
            length=None if length is None else int(length),
        )
    ]


def _classes(rows: MotRows) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return (N,) labels from 0 and the names of the classes."""
    names = labels_beside(rows.path)
    if names is None and not rows.has_classes():
        return np.zeros(len(rows), np.int64), MOT_CLASSES[:PEDESTRIAN]
    kinds = rows.column(8, PEDESTRIAN)
    known = MOT_CLASSES if names is None else names
    wrong = (kinds != kinds.astype(np.int64)) | (kinds < 1) | (kinds > len(known))
    if wrong.any():
        row = int(wrong.argmax())
        raise MotTextError(
            f'{rows.where(row)}: there is no class {kinds[row]:g} among the {len(known)} of '
            f'{"MOTChallenge" if names is None else "labels.txt beside it"}'
        )
    labels = kinds.astype(np.int64) - 1
    if names is not None:
        return labels, names
    return labels, names_up_to(MOT_CLASSES[: int(labels.max(initial=0)) + 1], 0)


def _visibility(rows: MotRows) -> np.ndarray:
    """Return (N,) visible shares; 1 where the file has none, or a position there (MOT15)."""
    shares = rows.column(9, 1.0)
    if len(rows) and not rows.has_classes() and labels_beside(rows.path) is None:
        return np.ones(len(rows))
    return np.where(shares < 0, 1.0, shares.clip(0, 1))


def _positive(text: str | None) -> float | None:
    """Return a positive number of ``seqinfo.ini``, None where there is none."""
    try:
        value = float(text or '')
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None
