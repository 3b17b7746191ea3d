"""Frames to detect on, and the pipeline of a tiny detector."""

from pathlib import Path

import cv2
import numpy as np

PIPELINE = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', scale=(64, 64), keep_ratio=True),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]


def write_frames_to_detect(root: Path) -> list[str]:
    """Write seven frames; returns their keys."""
    keys = [f'train/A/img1/{number:06d}.jpg' for number in range(1, 8)]
    (root / 'train/A/img1').mkdir(parents=True)
    for number, key in enumerate(keys):
        noise = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        cv2.imwrite(str(root / key), cv2.resize(noise, (64, 64)))
    return keys
