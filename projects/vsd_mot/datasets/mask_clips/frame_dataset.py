"""Videos with given first masks, frame by frame, for testing mask trackers."""

from __future__ import annotations

import numpy as np
import torch
from mmtrack.registry import DATASETS
from mmtrack.structures import TrackDataSample
from torch.utils.data import Dataset

from .layouts import MaskSequence, find_sequences


@DATASETS.register_module()
class VideoMaskFrames(Dataset):
    """The frames of a set's sequences in order; an object's first mask is its annotation.

    An item is packed for :class:`ClipDataPreprocessor`: ``inputs['img']`` uint8 (1, 3, H, W) BGR
    and a sample with ``frame_id``, ``video``, ``fps``, and ``annotation`` where objects are: an
    int32 tensor (H, W) with the identities of the new ones. ``truth`` is the whole label map where
    the frame has one, -1 where pixels are ignored.

    Use it with a sampler that keeps the order, in one process.

    Args:
        data_root: Folder of the set.
        layout: See :func:`find_sequences`.
        split: Such as ``'val'``.
        min_pixels: An object begins where it has at least so many pixels for the first time.
            Raising it begins with larger, surer masks, and later.
        sequences: Names of the sequences; None: all.
    """

    def __init__(
        self,
        *,
        data_root: str,
        layout: str,
        split: str = 'val',
        min_pixels: int = 1,
        sequences: list[str] | None = None,
    ) -> None:
        all_sequences = find_sequences(data_root, layout, split)
        if sequences is not None:
            all_sequences = [one for one in all_sequences if one.name in sequences]
        self.frames = [(one, first) for one in all_sequences for first in range(len(one.pictures))]
        self.min_pixels = min_pixels
        self.metainfo = dict(CLASSES=('object',))
        self._first_positions: dict[str, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: int) -> dict:
        """Pack a frame."""
        sequence, position = self.frames[index]
        picture = sequence.picture(position)
        sample = TrackDataSample(
            metainfo=dict(
                img_path=str(sequence.pictures[position]),
                img_shape=picture.shape[:2],
                ori_shape=picture.shape[:2],
                frame_id=position,
                video=sequence.name,
                video_length=len(sequence.pictures),
                fps=sequence.fps,
            )
        )
        if position in sequence.annotated:
            labels = sequence.labels(position)
            sample.set_field(torch.from_numpy(labels), 'truth', dtype=torch.Tensor)
            new = [
                one for one, first in self.first_positions(sequence).items() if first == position
            ]
            if new:
                annotation = np.where(np.isin(labels, new), labels, 0)
                sample.set_field(torch.from_numpy(annotation), 'annotation', dtype=torch.Tensor)
        image = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None]
        return dict(inputs=dict(img=image), data_samples=sample)

    def first_positions(self, sequence: MaskSequence) -> dict[int, int]:
        """Return the position of the first frame of each identity of a sequence."""
        if sequence.name not in self._first_positions:
            self._first_positions[sequence.name] = first_frames(sequence, self.min_pixels)
        return self._first_positions[sequence.name]


def first_frames(sequence: MaskSequence, min_pixels: int = 1) -> dict[int, int]:
    """Position of the frame in which each identity first has ``min_pixels`` pixels."""
    first: dict[int, int] = {}
    for position in sequence.annotated:
        identities, pixels = np.unique(sequence.labels(position), return_counts=True)
        for identity, count in zip(identities.tolist(), pixels.tolist()):
            if identity > 0 and count >= min_pixels:
                first.setdefault(identity, position)
    return first
