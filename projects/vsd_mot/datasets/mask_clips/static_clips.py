"""Clips made of still pictures, for the first training stage of HQTrack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from mmengine.dataset import Compose
from mmtrack.registry import DATASETS
from torch.utils.data import Dataset

from ...images import read_image
from ...mot_layout import list_images
from ...video.label_files import read_label_map
from .augmentation import FILL
from .clip_dataset import objects_of_first
from .layouts import IGNORED


@DATASETS.register_module()
class StillMaskClips(Dataset):
    """Clips in which a still picture is moved.

    The first frame is the picture, the others are it mirrored, turned, shifted, scaled and sheared
    at random. Items are as those of :class:`VideoMaskClips`.

    Args:
        data_root: Folder of the set, with ``images/`` and ``labels/``; a label map has the name of
            its picture, its values are objects (a saliency mask has one, 255 in it counts as
            object 1 if nothing else does).
        clip_length: Number T of frames. Longer clips cost time and memory in proportion.
        mirror: Probability of a mirrored frame.
        degrees: Greatest turn. Raising it turns more from frame to frame.
        shift: Greatest shift as a share of the side. Raising it trains for faster motion.
        scale: Least and greatest scale. A wider range trains for faster approach.
        shear: Greatest shear in degrees. Raising it deforms more.
        pipeline: Transforms of a clip.
    """

    def __init__(
        self,
        *,
        data_root: str,
        clip_length: int = 5,
        mirror: float = 0.3,
        degrees: float = 20.0,
        shift: float = 0.1,
        scale: tuple[float, float] = (0.9, 1.1),
        shear: float = 10.0,
        pipeline: Sequence[dict] = (),
    ) -> None:
        root = Path(data_root)
        folder = root / 'images'
        pictures = list_images(folder)
        self.pairs = [(one, root / 'labels' / f'{one.stem}.png') for one in pictures]
        missing = [label for _, label in self.pairs if not label.is_file()]
        if not pictures or missing:
            problem = f'no label map {missing[0]}' if missing else f'no pictures in {folder}'
            raise ValueError(f'{root}: {problem}; a set of stills has images/ and labels/*.png')
        self.clip_length = clip_length
        self.mirror, self.degrees, self.shift = mirror, degrees, shift
        self.scale, self.shear = scale, shear
        self.pipeline = Compose(pipeline)

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> dict:
        """Make a clip of a picture."""
        picture, place = self.pairs[index]
        image = read_image(picture)
        label = read_label_map(place)
        values = np.unique(label)
        label = np.where(
            label == IGNORED, 1 if values[values > 0].tolist() == [IGNORED] else -1, label
        )
        (label,) = objects_of_first([label])
        images, labels = [image], [label]
        for _ in range(self.clip_length - 1):
            moved = self._move(image, label)
            images.append(moved[0])
            labels.append(moved[1])
        return self.pipeline(dict(images=images, labels=labels, name=picture.stem))

    def _move(self, image: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if np.random.rand() < self.mirror:
            image, label = (np.ascontiguousarray(one[:, ::-1]) for one in (image, label))
        matrix = self._matrix(*label.shape)
        size = label.shape[::-1]
        moved = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=FILL)
        return moved, cv2.warpAffine(
            label, matrix, size, flags=cv2.INTER_NEAREST, borderValue=IGNORED
        )

    def _matrix(self, height: int, width: int) -> np.ndarray:
        draw = np.random.uniform
        turn = np.deg2rad(draw(-self.degrees, self.degrees))
        shear = np.tan(np.deg2rad(draw(-self.shear, self.shear)))
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        linear = draw(*self.scale) * rotation @ np.array([[1.0, shear], [0.0, 1.0]])
        centre = np.array([width, height]) / 2
        moved = centre + draw(-self.shift, self.shift, 2) * (width, height) - linear @ centre
        return np.column_stack((linear, moved))
