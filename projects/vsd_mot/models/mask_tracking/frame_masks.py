"""The masks of a frame: what the segmenter decides, and what is reported of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from mmengine.structures import InstanceData
from torch import Tensor
from torchvision.ops import masks_to_boxes


@dataclass
class FrameMasks:
    """The objects of a frame.

    Attributes:
        labels: ``(H, W)`` int64 at the size of the original picture: 0 is the background, k the
            object ``identities[k - 1]``.
        identities: Identity of each object, visible in the frame or not.
        scores: ``(n,)``, mean probability of each object's pixels; 0 where it has none.
    """

    labels: Tensor
    identities: list[int]
    scores: Tensor

    @property
    def masks(self) -> Tensor:
        """``(n, H, W)`` bool, one mask for each object."""
        order = torch.arange(1, len(self.identities) + 1, device=self.labels.device)
        return self.labels == order[:, None, None]


def without(objects: FrameMasks, removed: Sequence[int]) -> FrameMasks:
    """Return the masks of all objects but some, whose pixels become background."""
    kept = [index for index, one in enumerate(objects.identities) if one not in removed]
    labels = objects.labels
    rows = torch.zeros(len(objects.identities) + 1, dtype=torch.int64, device=labels.device)
    rows[[index + 1 for index in kept]] = torch.arange(1, len(kept) + 1, device=rows.device)
    identities = [objects.identities[index] for index in kept]
    return FrameMasks(rows[labels], identities, objects.scores[kept])


def of_objects(objects: FrameMasks) -> InstanceData:
    """Return the objects that have a pixel, with boxes around their masks."""
    masks = objects.masks
    visible = masks.flatten(1).any(dim=1)
    boxes = masks_to_boxes(masks[visible])
    boxes[:, 2:] += 1  # corners of the last pixels, not their places
    identities = torch.tensor(objects.identities, dtype=torch.int64, device=masks.device)
    return InstanceData(
        bboxes=boxes,
        scores=objects.scores[visible],
        labels=torch.zeros_like(identities[visible]),
        instances_id=identities[visible],
        masks=masks[visible],
    )


def of_tracks(objects: FrameMasks, tracks: InstanceData) -> InstanceData:
    """Return the tracks with their masks, empty where the object is hidden or not followed yet."""
    place = {one: index for index, one in enumerate(objects.identities)}
    rows = [place.get(one, -1) + 1 for one in tracks.instances_id.tolist()]
    wanted = torch.tensor(rows, dtype=torch.int64, device=objects.labels.device)[:, None, None]
    masks = (objects.labels == wanted) & (wanted > 0)
    return InstanceData(
        bboxes=tracks.bboxes,
        scores=tracks.get('scores', torch.ones(len(tracks))),
        labels=tracks.get('labels', torch.zeros(len(tracks), dtype=torch.int64)),
        instances_id=tracks.instances_id,
        masks=masks.reshape(len(rows), *objects.labels.shape),
    )
