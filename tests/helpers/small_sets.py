"""Tiny annotated sets for the tests of this folder, each frame telling its own number."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

HEIGHT, WIDTH = 64, 96


def frame_image(number: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """A plain image whose green value is ``10 * number``; BGR."""
    image = np.full((height, width, 3), 90, np.uint8)
    image[..., 1] = 10 * number
    return image


def write_video_set(root: Path, lengths: dict[str, int], empty: tuple[int, ...] = ()) -> Path:
    """Write videos with two objects per frame, none in the frames ``empty``.

    Args:
        root: Where ``train/`` and ``annotations/train.json`` go.
        lengths: Sequence name -> number of frames.
        empty: Numbers (from 0) of frames without objects.

    Returns:
        ``root``.
    """
    images, annotations, videos = [], [], []
    for video_id, (name, length) in enumerate(lengths.items(), start=1):
        videos.append(dict(id=video_id, name=name, fps=20.0))
        folder = root / 'train' / name / 'img1'
        folder.mkdir(parents=True)
        for number in range(length):
            file_name = f'{name}/img1/{number + 1:06d}.png'
            cv2.imwrite(str(root / 'train' / file_name), frame_image(number))
            image_id = len(images) + 1
            images.append(
                dict(
                    id=image_id,
                    video_id=video_id,
                    file_name=file_name,
                    height=HEIGHT,
                    width=WIDTH,
                    frame_id=number,
                    mot_frame_id=number + 1,
                )
            )
            if number in empty:
                continue
            for instance, left in enumerate((10 + number, 50), start=1):
                annotations.append(
                    dict(
                        id=len(annotations) + 1,
                        image_id=image_id,
                        video_id=video_id,
                        category_id=1,
                        bbox=[left, 20, 10, 30],
                        area=300,
                        iscrowd=False,
                        visibility=1.0,
                        mot_instance_id=instance,
                        mot_conf=1.0,
                        mot_class_id=1,
                        instance_id=instance,
                    )
                )
    return _write(root, images, annotations, videos)


def write_still_set(root: Path, count: int = 2) -> Path:
    """Write still images with two people each, in COCO's form without any video."""
    images, annotations = [], []
    (root / 'train').mkdir(parents=True)
    for number in range(count):
        file_name = f'{number},abc.jpg'
        rng = np.random.default_rng(number)
        image = cv2.resize(
            rng.integers(0, 255, (8, 12, 3), dtype=np.uint8),
            (160, 120),
            interpolation=cv2.INTER_CUBIC,
        )
        cv2.imwrite(str(root / 'train' / file_name), image)
        images.append(dict(id=number + 1, file_name=file_name, height=120, width=160))
        for left in (60, 90):
            annotations.append(
                dict(
                    id=len(annotations) + 1,
                    image_id=number + 1,
                    category_id=1,
                    bbox=[left, 40, 20, 40],
                    area=800,
                    iscrowd=False,
                )
            )
    return _write(root, images, annotations, None)


def _write(root: Path, images: list, annotations: list, videos: list | None) -> Path:
    content = dict(
        images=images, annotations=annotations, categories=[dict(id=1, name='pedestrian')]
    )
    if videos is not None:
        content['videos'] = videos
    (root / 'annotations').mkdir(parents=True)
    (root / 'annotations' / 'train.json').write_text(json.dumps(content))
    return root
