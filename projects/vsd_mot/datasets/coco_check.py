"""Annotations in COCO's form, checked before anything is built on their numbers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from ..data_files import read_json_object
from ..errors import DataFileError
from ..images import MAX_PIXELS
from ..mot_text import MAX_COORDINATE, MAX_NUMBER

MMDET_DATASETS = ('CocoDataset', 'CrowdHumanDataset')
Entry = dict[str, Any]


def read_coco(path: str | Path) -> dict[str, Any]:
    """Read an annotation file of images or videos, and check its numbers.

    Args:
        path: A file in COCO's form, or that of CocoVID.

    Returns:
        Its content.

    Raises:
        DataFileError: It cannot be read, or an entry cannot be right: boxes that are not finite, of
            negative size or beyond any picture, images without a size, ids that are there twice
            or lead nowhere. The entry is named.
    """
    content = read_json_object(path, 'images', 'annotations', 'categories')
    for name in ('images', 'annotations', 'categories', 'videos'):
        entries = content.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise DataFileError(f'{path}: {name} must be a list of objects (dictionaries)')
    images = _by_id(path, 'images', content['images'])
    categories = _by_id(path, 'categories', content['categories'])
    videos = _by_id(path, 'videos', content.get('videos', []))
    _by_id(path, 'annotations', content['annotations'])
    for place, video in enumerate(content.get('videos', [])):
        if video.get('fps') and not (_are_numbers([video['fps']]) and video['fps'] > 0):
            what = f'fps {video["fps"]!r:.40} must be a positive number'
            raise _fault(path, what, kind='videos', place=place, entry=video)
    _check_images(path, content['images'], videos)
    _check_annotations(path, content['annotations'], images=images, categories=categories)
    return content


def require_readable_by_host(path: str | Path, content: dict[str, Any], *, videos: bool) -> None:
    """Refuse what :func:`read_coco` understands, and MMTracking's own reader does not.

    Args:
        path: The file.
        content: What :func:`read_coco` returned.
        videos: Whether videos are read from it, not single images.

    Raises:
        DataFileError: It begins with a byte order mark, has no videos, or identities of more than
            63 bits.
    """
    with open(path, 'rb') as opened:
        if opened.read(3) == codecs.BOM_UTF8:
            raise DataFileError(
                f'{path} begins with a byte order mark, which MMTracking does not read: save it as '
                'UTF-8 without one'
            )
    if videos and not content.get('videos'):
        raise DataFileError(
            f'{path} has no videos: is it an annotation file of single images? '
            'tools/dataset_converters/mot2coco.py makes those of videos'
        )
    for place, one in enumerate(content['annotations']):
        if abs(one.get('instance_id', 0)) > MAX_NUMBER:
            what = f'instance_id {one["instance_id"]} has more than 63 bits: number them anew'
            raise _fault(path, what, kind='annotations', place=place, entry=one)


def check_coco_datasets(config: Any) -> None:
    """Check the annotation files of MMDetection's data sets in a config, which do not do so.

    Args:
        config: The dataloaders of a config, or any part of it.

    Raises:
        DataFileError: As :func:`read_coco`.
    """
    if isinstance(config, dict):
        kind = str(config.get('type', '')).split('.')[-1]
        name = config.get('ann_file')
        if kind in MMDET_DATASETS and isinstance(name, str) and '://' not in name:
            path = Path(config.get('data_root') or '', name)
            if path.is_file():  # what is missing is said when it is opened
                read_coco(path)
        for part in config.values():
            check_coco_datasets(part)
    elif isinstance(config, list | tuple):
        for part in config:
            check_coco_datasets(part)


def _fault(path: str | Path, what: str, *, kind: str, place: int, entry: Entry) -> DataFileError:
    name = entry.get('id', 'none')
    return DataFileError(f'{path}: entry {place} of {kind} (id {name!r:.40}): {what}')


def _by_id(path: str | Path, kind: str, entries: list[Entry]) -> set[int]:
    ids: set[int] = set()
    for place, entry in enumerate(entries):
        identity = entry.get('id')
        if not _is_whole(identity):
            raise _fault(path, 'the id must be a whole number', kind=kind, place=place, entry=entry)
        if identity in ids:
            raise _fault(path, 'the id is there twice', kind=kind, place=place, entry=entry)
        ids.add(identity)
    return ids


def _check_images(path: str | Path, images: list[Entry], videos: set[int]) -> None:
    frames: set[tuple[int, int]] = set()
    for place, image in enumerate(images):
        if not isinstance(image.get('file_name'), str):
            raise _fault(path, 'file_name must be a path', kind='images', place=place, entry=image)
        width, height = image.get('width'), image.get('height')
        if (
            not (_is_whole(width) and _is_whole(height))
            or min(width, height) < 1
            or width * height > MAX_PIXELS
        ):
            raise _fault(
                path,
                f'{width} x {height} is no image size',
                kind='images',
                place=place,
                entry=image,
            )
        for name in ('frame_id', 'mot_frame_id'):
            if name in image and not (_is_whole(image[name]) and 0 <= image[name] <= MAX_NUMBER):
                raise _fault(
                    path, f'{name} is {image[name]!r:.40}', kind='images', place=place, entry=image
                )
        if videos and 'video_id' in image:
            if image['video_id'] not in videos:
                what = f'there is no video {image["video_id"]!r:.40}'
                raise _fault(path, what, kind='images', place=place, entry=image)
            frame = (image['video_id'], image.get('frame_id', place))
            if frame in frames:
                what = f'frame {frame[1]} of video {frame[0]} is there twice'
                raise _fault(path, what, kind='images', place=place, entry=image)
            frames.add(frame)


def _check_annotations(
    path: str | Path, annotations: list[Entry], *, images: set[int], categories: set[int]
) -> None:
    boxes = []
    for place, one in enumerate(annotations):
        for name, known in (('image_id', images), ('category_id', categories)):
            if not _is_whole(one.get(name)) or one[name] not in known:
                what = f'{name} {one.get(name)!r:.40} is not in this file'
                raise _fault(path, what, kind='annotations', place=place, entry=one)
        if 'instance_id' in one and not _is_whole(one['instance_id']):
            what = f'instance_id {one["instance_id"]!r:.40} must be a whole number'
            raise _fault(path, what, kind='annotations', place=place, entry=one)
        for name in ('visibility', 'mot_conf', 'area'):
            if name in one and not _are_numbers([one[name]]):
                what = f'{name} {one[name]!r:.40} must be a finite number'
                raise _fault(path, what, kind='annotations', place=place, entry=one)
        box = one.get('bbox')
        if not isinstance(box, list) or len(box) != 4 or not _are_numbers(box):
            what = f'bbox {box!r:.60} must be four finite numbers: left, top, width, height'
            raise _fault(path, what, kind='annotations', place=place, entry=one)
        boxes.append(box)
    table = np.array(boxes, np.float64).reshape(-1, 4)
    far, negative = abs(table).max(axis=1) > MAX_COORDINATE, table[:, 2:].min(axis=1) < 0
    for wrong, what in ((far, 'reaches beyond any picture'), (negative, 'has a negative size')):
        if wrong.any():
            place = int(wrong.argmax())
            what = f'the box {boxes[place]} {what}'
            raise _fault(path, what, kind='annotations', place=place, entry=annotations[place])


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_numbers(values: Iterable[object]) -> bool:
    return all(
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float('inf')
        for value in values
    )
