"""Clips of videos with label maps, for training mask trackers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mmengine.dataset import Compose
from mmtrack.registry import DATASETS
from torch.utils.data import Dataset

from .layouts import IGNORED, MaskSequence, find_sequences


@DATASETS.register_module()
class VideoMaskClips(Dataset):
    """Random clips of T frames of each sequence (HQTrack's second training stage).

    An item is a dict with ``images``, T arrays (H, W, 3) uint8 BGR, and ``labels``, T arrays
    (H, W) uint8 with 0 for the background, 1..n for the objects of the first frame and 255 for
    what is not asked for, as the pipeline leaves them. Draws come from NumPy's global generator.

    Args:
        data_root: Folder of the set.
        layout: See :func:`find_sequences`.
        split: Such as ``'train'``.
        clip_length: Number T of frames. Longer clips train more steps of propagation, and cost time
            and memory in proportion.
        max_gap: Largest step between two frames, in annotated frames. Published: 12 for DAVIS, 3
            for others. Larger steps teach fast motion and are harder to learn from.
        min_pixels: Foreground pixels that the first frame should have. Raising it leaves out clips
            that begin with small objects.
        repeats: How often an epoch goes through the sequences. Raising it makes epochs longer.
        pipeline: Transforms of a clip.
    """

    FRAME_TRIES, CLIP_TRIES = 20, 5

    def __init__(
        self,
        *,
        data_root: str,
        layout: str,
        split: str = 'train',
        clip_length: int = 5,
        max_gap: int = 3,
        min_pixels: int = 200,
        repeats: int = 1,
        pipeline: Sequence[dict] = (),
    ) -> None:
        self.sequences = [
            one for one in find_sequences(data_root, layout, split) if len(one.annotated) > 1
        ]
        self.clip_length = clip_length
        self.max_gap = max_gap
        self.min_pixels = min_pixels
        self.repeats = repeats
        self.pipeline = Compose(pipeline)

    def __len__(self) -> int:
        return self.repeats * len(self.sequences)

    def __getitem__(self, index: int) -> dict:
        """Draw a clip of a sequence."""
        sequence = self.sequences[index % len(self.sequences)]
        places, labels = self._draw(sequence)
        images = [sequence.picture(position) for position in places]
        return self.pipeline(dict(images=images, labels=labels, name=sequence.name))

    def _draw(self, sequence: MaskSequence) -> tuple[list[int], list[np.ndarray]]:
        """Positions and label maps; at best a clip whose objects are all in its first frame."""
        for _ in range(self.CLIP_TRIES):
            places = self._places(sequence)
            labels = [sequence.labels(position) for position in places]
            first = np.unique(labels[0])
            if all(np.isin(np.unique(label), first).all() for label in labels[1:]):
                break
        return places, objects_of_first(labels)

    def _places(self, sequence: MaskSequence) -> list[int]:
        count = len(sequence.annotated)
        for _ in range(self.FRAME_TRIES):
            start = np.random.randint(count)
            if (sequence.labels(sequence.annotated[start]) > 0).sum() > self.min_pixels:
                break
        gaps = np.random.randint(1, self.max_gap + 1, self.clip_length - 1)
        order = reflected(start + np.concatenate(([0], np.cumsum(gaps))), count)
        if np.random.rand() < 0.5:
            order = order[::-1]
        return [sequence.annotated[position] for position in order]


def reflected(places: np.ndarray, count: int) -> list[int]:
    """Positions beyond the last of ``count`` frames, turned back at it (and at the first)."""
    if count == 1:
        return [0] * len(places)
    period = 2 * (count - 1)
    return [int(count - 1 - abs(position % period - (count - 1))) for position in places]


def objects_of_first(labels: Sequence[np.ndarray], most: int = 254) -> list[np.ndarray]:
    """Give the objects of the first frame the numbers 1..n; later ones become background.

    Args:
        labels: ``(H, W)`` integers, -1 (or, of uint8, 255) where pixels are ignored.
        most: Of more objects, this many are kept, drawn at random; the rest becomes background.

    Returns:
        ``(H, W)`` uint8, 255 where pixels are ignored.
    """
    ignored = IGNORED if labels[0].dtype == np.uint8 else -1
    first = np.unique(labels[0])
    objects = first[(first > 0) & (first != ignored)]
    if len(objects) > most:
        objects = np.sort(np.random.permutation(objects)[:most])
    numbered = []
    for label in labels:
        row = np.zeros(label.shape, np.uint8)
        for number, identity in enumerate(objects, start=1):
            row[label == identity] = number
        row[label == ignored] = IGNORED
        numbered.append(row)
    return numbered
