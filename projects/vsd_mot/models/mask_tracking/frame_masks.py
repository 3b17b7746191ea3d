"""The masks of a frame: what the segmenter finds, and what is reported of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from mmengine.structures import InstanceData
from torch import Tensor
from torchvision.ops import masks_to_boxes


@dataclass
class FrameMasks:
    """The objects found in a frame.

    Attributes:
        labels: ``(H, W)`` int64 at the size of the original picture: 0 is the background, k the
            object ``identities[k - 1]``.
        identities: Identity of each object, present in the frame or not.
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


def without(found: FrameMasks, gone: Sequence[int]) -> FrameMasks:
    """Return the masks of all objects but some, whose pixels become background."""
    kept = [at for at, one in enumerate(found.identities) if one not in gone]
    rows = torch.zeros(len(found.identities) + 1, dtype=torch.int64, device=found.labels.device)
    rows[[at + 1 for at in kept]] = torch.arange(1, len(kept) + 1, device=rows.device)
    identities = [found.identities[at] for at in kept]
    return FrameMasks(rows[found.labels], identities, found.scores[kept])


def of_objects(found: FrameMasks) -> InstanceData:
    """Return the objects that have a pixel, with boxes around their masks."""
    masks = found.masks
    present = masks.flatten(1).any(dim=1)
    boxes = masks_to_boxes(masks[present])
    boxes[:, 2:] += 1  # corners of the last pixels, not their places
    identities = torch.tensor(found.identities, dtype=torch.int64, device=masks.device)
    return InstanceData(
        bboxes=boxes,
        scores=found.scores[present],
        labels=torch.zeros_like(identities[present]),
        instances_id=identities[present],
        masks=masks[present],
    )


def of_tracks(found: FrameMasks, tracks: InstanceData) -> InstanceData:
    """Return the tracks with their masks, empty where the object is not seen or followed yet."""
    place = {one: at for at, one in enumerate(found.identities)}
    rows = [place.get(one, -1) + 1 for one in tracks.instances_id.tolist()]
    wanted = torch.tensor(rows, dtype=torch.int64, device=found.labels.device)[:, None, None]
    masks = (found.labels == wanted) & (wanted > 0)
    return InstanceData(
        bboxes=tracks.bboxes,
        scores=tracks.get('scores', torch.ones(len(tracks))),
        labels=tracks.get('labels', torch.zeros(len(tracks), dtype=torch.int64)),
        instances_id=tracks.instances_id,
        masks=masks.reshape(len(rows), *found.labels.shape),
    )
