"""Tracks of COCO-style JSON as tables, one a video."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeGuard, get_args

import numpy as np

from ...errors import DataFileError
from ...mot_layout import frame_numbers, natural_key
from ...mot_text import MAX_NUMBER
from ...video.results import SEMANTIC_KEYS
from ...video.sources import Damage
from ..coco_check import Entry, read_coco
from .table import TableFrame, TrackTable

_DAMAGES = get_args(Damage)


def read_coco_tracks(path: Path) -> list[TrackTable]:
    """Read tracks, or detections, of videos.

    Identities are `mot_instance_id`, `instance_id`, `track_id`, or the attribute `track_id` (CVAT);
    without any, they are detections. `iscrowd` and `mot_conf` 0 say that an object does not count.
    Without `videos` all images are one video, in the order of `frame_id`, else of their names.

    Args:
        path: A file in COCO's form, CocoVID's, or that of our results.

    Returns:
        A table for each video.

    Raises:
        DataFileError: As :func:`read_coco`, some boxes have an identity and some have none, or one
            is in a frame twice; the entry is named.
    """
    content = read_coco(path)
    videos = content.get('videos') or [dict(id=None, name=path.stem)]
    alone = len(videos) == 1
    categories = sorted(content['categories'], key=lambda one: one['id'])
    classes = tuple(str(one.get('name', f'class_{one["id"]}')) for one in categories)
    labels = {one['id']: place for place, one in enumerate(categories)}
    of_image: dict[int, list[tuple[int, Entry]]] = {}
    for place, one in enumerate(content['annotations']):
        of_image.setdefault(one['image_id'], []).append((place, one))
    tables = []
    for video in videos:
        images = [one for one in content['images'] if alone or one.get('video_id') == video['id']]
        tables.append(
            _table(
                path,
                video,
                _in_order(images),
                of_image=of_image,
                labels=labels,
                classes=classes,
            )
        )
    return tables


def _in_order(images: list[Entry]) -> list[tuple[TableFrame, int]]:
    """Return what is noted of each frame, and the id of its image."""
    if all('frame_id' in one for one in images):
        images = sorted(images, key=lambda one: one['frame_id'])
        indices: Iterable[int] = [one['frame_id'] for one in images]
        numbers = None
    else:
        images = sorted(images, key=lambda one: natural_key(one['file_name']))
        indices = range(len(images))
        numbers = frame_numbers([Path(one['file_name']) for one in images])
        if numbers is not None and (min(numbers) < 1 or sorted(set(numbers)) != numbers):
            numbers = None
    frames = []
    for place, (index, one) in enumerate(zip(indices, images)):
        number = one.get('mot_frame_id') or (index + 1 if numbers is None else numbers[place])
        frames.append((_frame(one, index, number), one['id']))
    return frames


def _frame(image: Entry, index: int, number: int) -> TableFrame:
    time, damage, fault = image.get('time'), image.get('damage'), image.get('fault')
    return TableFrame(
        index,
        number,
        time=float(time) if _is_number(time) else None,
        name=Path(image['file_name']).name,
        size=(image['width'], image['height']),
        semantics={key: float(image[key]) for key in SEMANTIC_KEYS if _is_number(image.get(key))},
        fault=fault if isinstance(fault, str) else None,
        damage=damage if damage in _DAMAGES else None,
    )


def _table(
    path: Path,
    video: Entry,
    frames: list[tuple[TableFrame, int]],
    *,
    of_image: dict[int, list[tuple[int, Entry]]],
    labels: dict[int, int],
    classes: tuple[str, ...],
) -> TrackTable:
    rows, chosen = [], []
    identities: list[int | None] = []
    for row, (frame, image) in enumerate(frames):
        first: dict[int, int] = {}
        for place, one in of_image.get(image, ()):
            identity = _identity(one, f'{path}: entry {place} of annotations (id {one["id"]})')
            if identity is not None and first.setdefault(identity, place) != place:
                raise DataFileError(
                    f'{path}: entry {place} of annotations (id {one["id"]}): track {identity} is '
                    f'in frame {frame.number} a second time (first in entry {first[identity]})'
                )
            rows.append(row)
            chosen.append(one)
            identities.append(identity)
    known = [identity for identity in identities if identity is not None]
    if known and len(known) < len(identities):
        bare = chosen[identities.index(None)]
        raise DataFileError(
            f'{path}: annotation {bare["id"]} has no identity, and others have one: give all an '
            'instance_id (or track_id), or none'
        )
    boxes = np.array([one['bbox'] for one in chosen], np.float64).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    masks = sum(bool(one.get('segmentation')) for one in chosen)
    return TrackTable(
        path,
        str(video.get('name', path.stem)),
        [frame for frame, _ in frames],
        rows=np.array(rows, np.int64),
        ids=np.array(known, np.int64) if known or not chosen else None,
        boxes=boxes,
        labels=np.array([labels[one['category_id']] for one in chosen], np.int64),
        classes=classes,
        scores=_numbers(chosen, 'score', 1.0),
        visibility=_numbers(chosen, 'visibility', 1.0).clip(0, 1),
        ignored=np.array(
            [bool(one.get('iscrowd')) or one.get('mot_conf', 1) == 0 for one in chosen], bool
        ),
        fps=video.get('fps') or None,
        size=frames[0][0].size if frames else None,
        length=frames[-1][0].number if frames else None,
        remarks=[f'{path}: {masks} masks are left out, their boxes are taken'] if masks else [],
    )


def _identity(one: Entry, where: str) -> int | None:
    """Return the identity of an annotation, None where it has none.

    Raises:
        DataFileError: It is no whole number of 63 bits.
    """
    attributes = one.get('attributes')
    inner = attributes if isinstance(attributes, dict) else {}
    for value in (
        one.get('mot_instance_id'), one.get('instance_id'), one.get('track_id'),
        inner.get('track_id'),
    ):  # fmt: skip
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_NUMBER:
            raise DataFileError(f'{where}: the identity {value!r:.40} must be a whole number')
        return value
    return None


def _numbers(entries: list[Entry], name: str, default: float) -> np.ndarray:
    values = [one.get(name, default) for one in entries]
    for one, value in zip(entries, values):
        if not _is_number(value):
            raise DataFileError(f'annotation {one["id"]}: {name} {value!r:.40} is no finite number')
    return np.array(values, np.float64)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
