"""Clips pasted onto clips, and what goes to the network."""

from __future__ import annotations

import numpy as np
import torch
from mmengine.registry import build_from_cfg
from mmtrack.registry import DATASETS
from mmtrack.structures import TrackDataSample
from torch.utils.data import Dataset

from .clip_dataset import objects_of_first
from .layouts import IGNORED


@DATASETS.register_module()
class MergedMaskClips(Dataset):
    """Clips, onto some of which the objects of a second clip are pasted, packed for training.

    An item is packed for :class:`ClipDataPreprocessor`: ``inputs['img']`` uint8 (T, 3, H, W) BGR
    and a sample with ``label_maps`` int64 (T, H, W) and ``num_objects``.

    Args:
        clips: Configs of data sets of clips, or one; their pipelines give clips of one size.
        probability: Of a second clip. A clip without an object always gets one. Raising it trains
            for more objects and more occlusions in a clip.
        min_pixels: Objects with no more pixels in the first frame become background.
        max_objects: Of more objects, so many are kept.
    """

    TRIES = 5

    def __init__(
        self,
        clips: dict | list[dict],
        *,
        probability: float = 0.3,
        min_pixels: int = 100,
        max_objects: int = 10,
    ) -> None:
        configs = clips if isinstance(clips, (list, tuple)) else [clips]
        self.parts = [build_from_cfg(dict(one), DATASETS) for one in configs]
        self.starts = np.cumsum([0, *(len(one) for one in self.parts)])
        self.probability = probability
        self.min_pixels = min_pixels
        self.max_objects = max_objects
        self.metainfo = dict(CLASSES=('object',))

    def __len__(self) -> int:
        return int(self.starts[-1])

    def __getitem__(self, index: int) -> dict:
        """Return a clip with at least one object in its first frame, or none after some tries."""
        clip = self._clip(index)
        for attempt in range(self.TRIES):
            empty = not has_objects(clip['labels'][0])
            if not empty and (attempt or np.random.rand() >= self.probability):
                break
            clip = paste(clip, self._clip(np.random.randint(len(self))))
            clip['labels'] = self._large_objects(clip['labels'])
        return pack(clip)

    def _clip(self, index: int) -> dict:
        part = int(np.searchsorted(self.starts, index, side='right')) - 1
        return self.parts[part][index - self.starts[part]]

    def _large_objects(self, labels: list[np.ndarray]) -> list[np.ndarray]:
        """Drop objects that are small in the first frame, and number the rest anew."""
        pixels = np.bincount(labels[0].flatten(), minlength=256)
        small = [one for one in range(1, IGNORED) if 0 < pixels[one] <= self.min_pixels]
        kept = [np.where(np.isin(label, small), 0, label).astype(np.uint8) for label in labels]
        return objects_of_first(kept, self.max_objects)


def has_objects(label: np.ndarray) -> bool:
    """Whether a label map (uint8) has an object."""
    return bool(((label > 0) & (label < IGNORED)).any())


def paste(clip: dict, other: dict) -> dict:
    """Paste the objects of another clip of the same size onto a clip; their numbers follow."""
    images, labels = [], []
    count = max(int(label[label < IGNORED].max(initial=0)) for label in clip['labels'])
    for image, label, above, numbers in zip(
        clip['images'], clip['labels'], other['images'], other['labels']
    ):
        visible = (numbers > 0) & (numbers < IGNORED)
        images.append(np.where(visible[..., None], above, image))
        shifted = np.minimum(numbers.astype(int) + count, IGNORED - 1)
        labels.append(np.where(visible, shifted, label).astype(np.uint8))
    return dict(clip, images=images, labels=labels)


def pack(clip: dict) -> dict:
    """Return a clip as :class:`ClipDataPreprocessor` takes it."""
    images = torch.from_numpy(np.stack(clip['images']).transpose(0, 3, 1, 2).copy())
    labels = torch.from_numpy(np.stack(clip['labels']).astype(np.int64))
    size = tuple(images.shape[-2:])
    objects = labels[0][labels[0] != IGNORED]
    sample = TrackDataSample(
        metainfo=dict(
            img_shape=[size] * len(images),
            ori_shape=[size] * len(images),
            name=clip.get('name', ''),
            num_objects=int(objects.max()) if len(objects) else 0,
        )
    )
    sample.set_field(labels, 'label_maps', dtype=torch.Tensor)
    return dict(inputs=dict(img=images), data_samples=sample)
