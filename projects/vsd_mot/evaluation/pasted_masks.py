"""The baseline of mask tracking: each object's first mask, pasted into boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torchvision.ops import box_iou

from ..datasets.mask_clips import MaskSequence
from .mot_text import read_mot_text

# Of each frame (from 1) the box of each identity: x, y, width, height in pixels.
FrameBoxes = Mapping[int, Mapping[int, np.ndarray]]


def read_boxes(path: str | Path, length: int) -> FrameBoxes:
    """Read the boxes of a tracker's results (MOTChallenge text).

    Args:
        path: The file.
        length: Number of frames of the video.

    Raises:
        ValueError: It is no such text, or has a frame that the video does not have.
    """
    boxes: dict[int, dict[int, np.ndarray]] = {}
    for frame, identity, *box in read_mot_text(path)[:, :6]:
        boxes.setdefault(int(frame), {})[int(identity)] = np.array(box)
    if boxes and max(boxes) > length:
        raise ValueError(
            f'{path} has frame {max(boxes)}, and the video has {length}: is it of another video?'
        )
    return boxes


def true_boxes(sequence: MaskSequence) -> FrameBoxes:
    """Return the boxes around the true masks, which is more than a tracker can know."""
    return {
        position + 1: {int(one): box_around(labels == one) for one in np.unique(labels) if one > 0}
        for position in sequence.annotated
        for labels in (sequence.labels(position),)
    }


def pasted_masks(
    sequence: MaskSequence, first: Mapping[int, int], boxes: FrameBoxes, *, iou: float = 0.3
) -> Iterator[np.ndarray]:
    """Paste first masks into boxes.

    In the frame in which an object is given, it is joined with the box that overlaps its mask's
    box most; from then on it goes with that box's identity, scaled as the box is.

    Args:
        sequence: The sequence.
        first: In which position each identity is given.
        boxes: Of the true masks, or of a tracker.
        iou: Least overlap of an object and its box. An object without one has its first mask only.

    Yields:
        ``(H, W)`` int32 for each annotated frame; nearer people (lower boxes) cover others.
    """
    shapes: dict[int, np.ndarray] = {}
    track_of: dict[int, int] = {}
    for position in sequence.annotated:
        tracked = boxes.get(position + 1, {})
        placed = []
        for identity in (one for one, begin in first.items() if begin == position):
            mask = sequence.labels(position) == identity
            box = box_around(mask)
            shapes[identity] = crop(mask, box).astype(np.uint8)
            track = nearest(box, tracked, iou)
            if track is None:
                placed.append((identity, box))
            else:
                track_of[identity] = track
        placed += [
            (identity, tracked[track]) for identity, track in track_of.items() if track in tracked
        ]
        yield paste(sequence.labels(position).shape, placed, shapes)


def paste(
    size: tuple[int, ...], placed: list[tuple[int, np.ndarray]], shapes: Mapping[int, np.ndarray]
) -> np.ndarray:
    """Return the label map ``(H, W)`` int32 of shapes in boxes; the lowest box is in front."""
    labels = np.zeros(size, np.int32)
    for identity, box in sorted(placed, key=lambda one: one[1][1] + one[1][3]):
        x, y, width, height = np.round(box).astype(int)
        if width < 1 or height < 1:
            continue
        shape = shapes[identity]
        # Of the shape in the size of the box only what is in the picture is made: the box may be
        # of any size.
        rows = np.arange(max(y, 0), min(y + height, size[0]))
        columns = np.arange(max(x, 0), min(x + width, size[1]))
        part = shape[np.ix_((rows - y) * shape.shape[0] // height,
                            (columns - x) * shape.shape[1] // width)]  # fmt: skip
        labels[np.ix_(rows, columns)] = np.where(part > 0, identity, labels[np.ix_(rows, columns)])
    return labels


def box_around(mask: np.ndarray) -> np.ndarray:
    """Return x, y, width, height of the box around a mask that has a pixel."""
    rows, columns = np.nonzero(mask)
    x, y = columns.min(), rows.min()
    return np.array([x, y, columns.max() + 1 - x, rows.max() + 1 - y])


def crop(picture: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Return the part of a picture in a box of whole pixels."""
    x, y, width, height = box
    return picture[y : y + height, x : x + width]


def nearest(box: np.ndarray, others: Mapping[int, np.ndarray], iou: float) -> int | None:
    """Return the identity of the box that overlaps most, by at least ``iou``."""
    if not others:
        return None
    corners = torch.from_numpy(np.stack([box, *others.values()]).astype(np.float64))
    corners[:, 2:] += corners[:, :2]
    overlaps = box_iou(corners[:1], corners[1:])[0]
    best = int(overlaps.argmax())
    return list(others)[best] if overlaps[best] >= iou else None
