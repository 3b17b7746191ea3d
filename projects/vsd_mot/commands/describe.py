"""Describe sequences that nobody has described, by CLIP, from ground-truth boxes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules
from torch import Tensor
from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..datasets.descriptions import (
    FILE_NAME,
    InstanceDescription,
    SceneDescription,
    VideoDescriptions,
)
from ..evaluation import read_mot_text
from ..images import read_image
from ..models.text import ZeroShotDescriber
from ..mot_layout import image_folder, numbered_images, sequences_below
from .user_errors import one_line_errors

parse_args = parser_of('describe')


def spread(values: Sequence, count: int) -> list:
    """Choose ``count`` of some values, evenly."""
    places = np.linspace(0, len(values) - 1, min(count, len(values))).round().astype(int)
    return [values[place] for place in places]


def load(path: Path) -> Tensor:
    """Load an image, ``(3, H, W)`` uint8, RGB."""
    return torch.from_numpy(read_image(path)[..., ::-1].copy()).permute(2, 0, 1)


def crop_box(frame: Tensor, row: np.ndarray) -> Tensor | None:
    """Cut a row's box out of a frame; None where less than four pixels a side are inside."""
    left, top, width, height = row[2:6].astype(int)
    crop = frame[:, max(top - 1, 0) : top - 1 + height, max(left - 1, 0) : left - 1 + width]
    return crop if min(crop.shape[1:]) >= 4 else None


def describe(
    describer: ZeroShotDescriber, sequence: Path, *, crops: int, frames: int
) -> VideoDescriptions:
    """Describe a sequence.

    Args:
        describer: A :class:`ZeroShotDescriber`.
        sequence: With images and ground truth.
        crops: Pictures of each person: the most visible ones of the quarters of the track.
        frames: Pictures of the scene.
    """
    images = numbered_images(image_folder(sequence))
    pictures = [load(images[number]) for number in spread(list(images), frames)]
    described = VideoDescriptions(
        sequence.name,
        SceneDescription(**describer.describe_scene(pictures)),
        source=describer.name,
    )
    rows = read_mot_text(sequence / 'gt' / 'gt.txt')
    rows = rows[np.isin(rows[:, 0], list(images))]
    for identity in np.unique(rows[:, 1]).astype(int).tolist():
        own = rows[rows[:, 1] == identity]
        parts = np.array_split(own, min(crops, len(own)))
        best = [part[part[:, 8].argmax()] for part in parts]
        crops_of_best = [crop_box(load(images[int(row[0])]), row) for row in best]
        views = [crop for crop in crops_of_best if crop is not None]
        if views:
            described.instances[identity] = InstanceDescription(**describer.describe_person(views))
    return described


@one_line_errors('describe', OSError, ValueError, RuntimeError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    register_all_modules(init_default_scope=False)
    init_default_scope('mmtrack')
    sequences = sequences_below(options.folders)
    todo = [sequence for sequence in sequences if not (sequence / FILE_NAME).is_file()]
    if todo:
        describer = MODELS.build(dict(dict(type='ZeroShotDescriber'), **options.describer))
        for sequence in tqdm(todo, unit='sequence', mininterval=5):
            described = describe(describer, sequence, crops=options.crops, frames=options.frames)
            described.write(sequence / FILE_NAME)
    print(f'{len(todo)} sequences described, {len(sequences) - len(todo)} had descriptions')
    return 0
