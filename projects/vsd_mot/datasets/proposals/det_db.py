"""Proposals in other people's formats: MOTRv2's det_db JSON and MOTChallenge's det/det.txt."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from ...data_files import read_json_object
from ...fileio import write_atomically
from ...mot_layout import find_sequences, image_folder, numbered_images, read_seqinfo
from ...mot_text import check_box, read_mot_rows
from .frame_keys import frame_key
from .store import Detections, FrameDetections, ProposalStore


def read_det_db(
    path: str | Path, *, strip: str = '', suffix: str = '.jpg', under: str = ''
) -> Iterator[FrameDetections]:
    """Read MOTRv2's published proposals.

    The file is a dictionary: path of the image with its four-character extension replaced by
    ``.txt`` -> list of lines ``left,top,width,height,score`` in pixels of the image file.

    Args:
        path: The JSON file.
        strip: Leading part of the paths that the data set's own paths do not have, such as
            'DanceTrack/'. Paths that do not begin with it are refused.
        suffix: Extension of the images.
        under: Only paths that begin so (after ``strip``) are taken. Defaults to all.

    Yields:
        In file order.

    Raises:
        ValueError: If the file is not of this format; names the entry and the line.
    """
    content = read_json_object(path)
    for name, lines in content.items():
        key = name.replace('\\', '/')
        if not key.startswith(strip):
            raise ValueError(f'{path}: the entry {name!r} does not begin with {strip!r}')
        key = key[len(strip) :]
        if not key.startswith(under):
            continue
        if not key.endswith('.txt') or not isinstance(lines, list):
            raise ValueError(
                f'{path}: the entry {name!r} should be a path ending in .txt with a list of lines'
            )
        rows = [
            _parse_line(str(line), f'{path}: {name}, line {i + 1}') for i, line in enumerate(lines)
        ]
        detections = _to_detections(rows)
        image = frame_key(key[: -len('.txt')] + suffix)
        yield FrameDetections(image, (0, 0), detections.boxes, detections.scores)


def write_det_db(store: ProposalStore, path: str | Path, prefix: str = '') -> None:
    """Write a proposal file's content as MOTRv2's JSON; the file appears complete or not at all.

    Args:
        store: What to write.
        path: The JSON file.
        prefix: Put before every key, such as 'DanceTrack/'.
    """
    content = {}
    for key in store:
        detections = store[key]
        boxes = detections.boxes.astype(float)
        boxes[:, 2:] -= boxes[:, :2]
        name = prefix + str(PurePosixPath(key).with_suffix('.txt'))
        content[name] = [
            f'{left:.3f},{top:.3f},{width:.3f},{height:.3f},{score:.6f}\n'
            for (left, top, width, height), score in zip(boxes.tolist(), detections.scores.tolist())
        ]
    write_atomically(path, json.dumps(content))


def read_det_txt(root: str | Path) -> Iterator[FrameDetections]:
    """Read the public detections ``det/det.txt`` of all sequences below a folder.

    Rows are ``frame,id,left,top,width,height,score,...`` in pixels. Frames without a row have no
    proposals. Scores are taken as they are: those of MOT17's DPM are no probabilities.

    Args:
        root: Holds sequences in MOTChallenge layout, up to three levels deep.

    Yields:
        Sequence by sequence, frame by frame.

    Raises:
        ValueError: If there are no detections, a row is broken or names a frame that is not there,
            ``seqinfo.ini`` is damaged, or the images are not named by number.
    """
    root = Path(root)
    sequences = [path for path in find_sequences(root) if (path / 'det' / 'det.txt').is_file()]
    if not sequences:
        raise ValueError(f'there is no SEQUENCE/det/det.txt below {root}')
    for sequence in sequences:
        yield from _read_sequence(root, sequence)


def _read_sequence(root: Path, sequence: Path) -> Iterator[FrameDetections]:
    file = sequence / 'det' / 'det.txt'
    size = _image_size(sequence)
    table = read_mot_rows(file, first_frame=0, smallest_side=1e-3)
    for index, rest in enumerate(table.rest):
        if not rest:
            where = table.where(index)
            raise ValueError(f'{where}: frame,id,left,top,width,height,score is expected')
    rows: dict[int, list[list[float]]] = defaultdict(list)
    for frame, box, score in zip(table.frames.tolist(), table.boxes.tolist(), table.column(7, 1)):
        rows[frame].append([*box, float(score)])
    folder = image_folder(sequence)
    images = numbered_images(folder)
    unknown = sorted(set(rows) - set(images))
    if unknown:
        raise ValueError(f'{file} has detections in frame {unknown[0]}, which is not in {folder}')
    for frame, path in images.items():
        detections = _to_detections(rows.get(frame, []))
        key = frame_key(path.relative_to(root).as_posix())
        yield FrameDetections(key, size, detections.boxes, detections.scores)


def _image_size(sequence: Path) -> tuple[int, int]:
    info = read_seqinfo(sequence)
    try:
        return int(info['imheight']), int(info['imwidth'])
    except (KeyError, ValueError):
        return 0, 0


def _parse_line(line: str, where: str) -> list[float]:
    """(left, top, width, height, score) of a line."""
    try:
        values = [float(value) for value in line.split(',')]
    except ValueError:
        values = []
    if len(values) != 5 or not np.isfinite(values).all():
        raise ValueError(f'{where}: left,top,width,height,score is expected, got {line!r}')
    check_box(values[:4], where, smallest_side=1e-3)
    if not 0 <= values[4] <= 1:
        raise ValueError(f'{where}: the score {values[4]:g} is not from 0 to 1')
    return values


def _to_detections(rows: list[list[float]]) -> Detections:
    """Return detections, float32, of n lines (left, top, width, height, score)."""
    values = np.asarray(rows, dtype=np.float64).reshape(-1, 5)
    boxes = values[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return Detections(boxes.astype(np.float32), values[:, 4].astype(np.float32))
