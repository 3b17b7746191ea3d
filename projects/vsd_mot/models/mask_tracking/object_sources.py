"""Where the objects to be followed come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from torch import Tensor

# From boxes (n, 4) xyxy in pixels of the picture to masks (n, H, W) bool.
BoxesToMasks = Callable[[Tensor], Tensor]


@dataclass
class FrameFacts:
    """What is known of a frame before the segmenter has its say.

    Attributes:
        number: Of the frame in its video, from 0.
        size: (H, W) of the picture.
        annotation: ``(H, W)`` integers: identities of objects that begin in this frame at their
            masks, 0 elsewhere; None in most frames.
        tracks: What a box tracker reports: ``bboxes`` (n, 4) xyxy in pixels of the picture,
            ``instances_id`` (n,), maybe ``scores`` and ``labels``. None without one.
        masks_of_boxes: Makes masks of boxes.
    """

    number: int
    size: tuple[int, int]
    annotation: Tensor | None = None
    tracks: InstanceData | None = None
    masks_of_boxes: BoxesToMasks | None = None


@dataclass
class Changes:
    """Objects that begin and objects that end in a frame.

    Attributes:
        new_masks: ``(H, W)`` bool mask of each new object by its identity.
        removed: Identities of objects that are followed no more.
    """

    new_masks: dict[int, Tensor] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)


class ObjectSource(Protocol):
    """What decides which objects a :class:`HQTrack` follows.

    Attributes:
        needs_tracks: Whether it depends on what a box tracker reports.
    """

    needs_tracks: bool

    def reset(self) -> None:
        """Begin another video."""

    def changes(self, facts: FrameFacts, followed: Sequence[int]) -> Changes:
        """Decide which objects begin and end in the next frame of the video.

        Args:
            facts: What is known of the frame.
            followed: Identities of the objects that are followed so far.
        """


@MODELS.register_module(name=['AnnotatedMasks', 'GivenMasks'])  # the second: as it was called
class AnnotatedMasks:
    """Objects whose masks are annotated in the first frame, or where they come into view.

    They are followed to the end of the video; one that leaves and comes back is found again by the
    memory. Identities are any integers above 0.
    """

    needs_tracks = False

    def reset(self) -> None:
        """Begin another video."""
        self.started = False

    def __init__(self) -> None:
        self.reset()

    def changes(self, facts: FrameFacts, followed: Sequence[int]) -> Changes:
        """Every identity of ``facts.annotation`` that is not followed is new.

        Raises:
            ValueError: The label map has another size than the picture, or a negative identity.
        """
        if facts.annotation is None:
            return Changes()
        annotation = torch.as_tensor(facts.annotation)
        if tuple(annotation.shape) != tuple(facts.size):
            raise ValueError(
                f'frame {facts.number}: the annotation is {tuple(annotation.shape)}, the picture '
                f'{tuple(facts.size)} (height, width): they must be equal'
            )
        identities = [int(one) for one in annotation.unique()]
        if identities and identities[0] < 0:
            raise ValueError(
                f'frame {facts.number}: the annotation has the identity {identities[0]}; '
                'identities are above 0, and 0 is the background'
            )
        new = [one for one in identities if one > 0 and one not in followed]
        return Changes({one: annotation == one for one in new})


@MODELS.register_module()
class TrackedBoxes:
    """Objects of a box tracker: new identities' boxes become masks, the tracker ends objects.

    Args:
        patience: Frames after which an identity that the tracker no longer reports is gone. More
            finds longer hidden objects again and costs the segmenter's time for those that left.
        birth_gap: Least number of frames between two frames with new objects. Every such frame
            takes a place of the long-term memory and begins the short-term memory of its
            group anew; in crowds a larger gap collects births.
        min_score: Score that a track needs to become an object. Raising it follows fewer false
            tracks, and begins later.
    """

    needs_tracks = True

    def __init__(self, patience: int = 30, birth_gap: int = 1, min_score: float = 0.0) -> None:
        if patience < 1 or birth_gap < 1:
            raise ValueError(
                f'patience and birth_gap are at least 1 frame, got {patience} and {birth_gap}'
            )
        self.patience, self.birth_gap, self.min_score = patience, birth_gap, min_score
        self.reset()

    def reset(self) -> None:
        """Begin another video."""
        self.last_reported: dict[int, int] = {}
        self.last_birth: int | None = None

    def changes(self, facts: FrameFacts, followed: Sequence[int]) -> Changes:
        """Identities that the tracker reports for the first time are new.

        Raises:
            ValueError: There are no tracks, or nothing makes masks of new ones' boxes.
        """
        tracks = facts.tracks
        if tracks is None:
            raise ValueError(
                f'frame {facts.number}: no tracks. TrackedBoxes needs a box tracker: give HQTrack '
                'a tracker, or objects=dict(type="AnnotatedMasks")'
            )
        identities = tracks.instances_id.tolist()
        self.last_reported.update(dict.fromkeys(identities, facts.number))
        removed = [
            one
            for one in followed
            if facts.number - self.last_reported.get(one, -1) > self.patience
        ]
        self.last_reported = {
            one: frame for one, frame in self.last_reported.items() if one not in removed
        }
        scores = tracks.scores.tolist() if 'scores' in tracks else [1.0] * len(identities)
        rows = [
            row
            for row, (one, score) in enumerate(zip(identities, scores))
            if one not in followed and score >= self.min_score
        ]
        waited = self.last_birth is None or facts.number - self.last_birth >= self.birth_gap
        if not rows or not waited:
            return Changes(removed=removed)
        if facts.masks_of_boxes is None:
            raise ValueError(
                f'frame {facts.number}: new tracks, but no way to make masks of their boxes: '
                'give FrameFacts masks_of_boxes'
            )
        masks = facts.masks_of_boxes(tracks.bboxes[rows])
        new_masks = {identities[row]: mask for row, mask in zip(rows, masks) if mask.any()}
        if new_masks:
            self.last_birth = facts.number
        return Changes(new_masks, removed)


def ellipses(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Return the ellipse inscribed in each box: a first mask where no refiner makes a better one.

    Args:
        boxes: ``(n, 4)`` xyxy in pixels.
        size: (H, W) of the picture.

    Returns:
        ``(n, H, W)`` bool.
    """
    rows = torch.arange(size[0], device=boxes.device) + 0.5
    columns = torch.arange(size[1], device=boxes.device) + 0.5
    centres, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).clamp(min=1)
    across = ((columns - centres[:, :1]) / (sides[:, :1] / 2)) ** 2
    down = ((rows - centres[:, 1:]) / (sides[:, 1:] / 2)) ** 2
    return across[:, None] + down[:, :, None] <= 1


def label_map_of(masks: np.ndarray | Tensor, identities: Sequence[int]) -> Tensor:
    """One label map of masks that may overlap: the lowest identity has the pixel.

    Args:
        masks: ``(n, H, W)``, not 0 where an object is.
        identities: Of the objects, above 0.

    Returns:
        ``(H, W)`` int64.
    """
    masks = torch.as_tensor(masks) != 0
    labels = torch.zeros(masks.shape[1:], dtype=torch.int64)
    for identity, mask in sorted(zip(identities, masks), key=lambda pair: -pair[0]):
        labels[mask] = identity
    return labels
