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
        given: ``(H, W)`` integers: identities of objects whose masks are given in this frame, 0
            elsewhere; None in most frames.
        tracks: What a box tracker reports: ``bboxes`` (n, 4) xyxy in pixels of the picture,
            ``instances_id`` (n,), maybe ``scores`` and ``labels``. None without one.
        masks_of_boxes: Makes masks of boxes.
    """

    number: int
    size: tuple[int, int]
    given: Tensor | None = None
    tracks: InstanceData | None = None
    masks_of_boxes: BoxesToMasks | None = None


@dataclass
class Changes:
    """Who is new in a frame, and who is gone from it.

    Attributes:
        born: ``(H, W)`` bool mask of each new object by its identity.
        gone: Identities of objects that are followed no more.
    """

    born: dict[int, Tensor] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


class ObjectSource(Protocol):
    """What decides which objects a :class:`HQTrack` follows.

    Attributes:
        needs_tracks: Whether it goes by what a box tracker reports.
    """

    needs_tracks: bool

    def reset(self) -> None:
        """Begin another video."""

    def changes(self, facts: FrameFacts, followed: Sequence[int]) -> Changes:
        """Who is new in the next frame of the video, and who is gone from it.

        Args:
            facts: What is known of the frame.
            followed: Identities of the objects that are followed so far.
        """


@MODELS.register_module()
class GivenMasks:
    """Objects whose masks are given: in the first frame, or where they come into view.

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
        """Every identity of ``facts.given`` that is not followed is new.

        Raises:
            ValueError: The label map has another size than the picture, or a negative identity.
        """
        if facts.given is None:
            return Changes()
        given = torch.as_tensor(facts.given)
        if tuple(given.shape) != tuple(facts.size):
            raise ValueError(
                f'frame {facts.number}: the given masks are {tuple(given.shape)}, the picture is '
                f'{tuple(facts.size)} (height, width): they must be equal'
            )
        identities = [int(one) for one in given.unique()]
        if identities and identities[0] < 0:
            raise ValueError(
                f'frame {facts.number}: the given masks have the identity {identities[0]}; '
                'identities are above 0, and 0 is the background'
            )
        new = [one for one in identities if one > 0 and one not in followed]
        return Changes({one: given == one for one in new})


@MODELS.register_module()
class TrackedBoxes:
    """Objects of a box tracker: a new identity's box becomes a mask, the tracker says who lives.

    Args:
        patience: Frames after which an identity that the tracker no longer reports is gone. More
            finds longer hidden objects again and costs the segmenter's time for those that left.
        birth_gap: Least number of frames between two frames with new objects. Every such frame
            takes a place of the long-term memory and begins the short-term memory of its
            group anew; in crowds a larger gap collects births.
        min_score: Score that a track needs to become an object.
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
        self.seen: dict[int, int] = {}
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
                'a tracker, or objects=dict(type="GivenMasks")'
            )
        identities = tracks.instances_id.tolist()
        self.seen.update(dict.fromkeys(identities, facts.number))
        gone = [one for one in followed if facts.number - self.seen.get(one, -1) > self.patience]
        self.seen = {one: at for one, at in self.seen.items() if one not in gone}
        scores = tracks.scores.tolist() if 'scores' in tracks else [1.0] * len(identities)
        rows = [
            row
            for row, (one, score) in enumerate(zip(identities, scores))
            if one not in followed and score >= self.min_score
        ]
        waited = self.last_birth is None or facts.number - self.last_birth >= self.birth_gap
        if not rows or not waited:
            return Changes(gone=gone)
        if facts.masks_of_boxes is None:
            raise ValueError(
                f'frame {facts.number}: new tracks, and nothing that makes masks of their boxes: '
                'give FrameFacts masks_of_boxes'
            )
        masks = facts.masks_of_boxes(tracks.bboxes[rows])
        born = {identities[row]: mask for row, mask in zip(rows, masks) if mask.any()}
        if born:
            self.last_birth = facts.number
        return Changes(born, gone)


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
