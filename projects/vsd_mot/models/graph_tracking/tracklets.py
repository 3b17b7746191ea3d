"""The nodes of a graph: tracklets, which are chains of detections, or single ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...datasets.track_clips import Detections


@dataclass
class ClipDetections:
    """n detections of a clip as tensors, ordered by frame.

    Attributes:
        frames: ``(n,)`` int64, ascending.
        boxes: (cx, cy, w, h) in pixels, ``(n, 4)``.
        appearance: ``(n, D)``.
        identities: ``(n,)`` int64, -1 for a false positive, and for all at inference.
        frame_rate: Frames per second.
        descriptions: Text features of each detection's person, ``(n, K)``, NaN where there are
            none; None without language.
        scene: Text features of the video, ``(S,)``; None without language.
    """

    frames: Tensor
    boxes: Tensor
    appearance: Tensor
    identities: Tensor
    frame_rate: float
    descriptions: Tensor | None = None
    scene: Tensor | None = None

    @classmethod
    def of(cls, detections: Detections, device: torch.device | str = 'cpu') -> ClipDetections:
        """Move detections to a device, boxes as centre and size."""

        def tensor(values: np.ndarray, dtype: torch.dtype = torch.float32) -> Tensor:
            return torch.as_tensor(values, dtype=dtype, device=device)

        descriptions, scene = detections.descriptions, detections.scene
        centred = detections.boxes.copy()
        centred[:, :2] += centred[:, 2:] / 2
        return cls(
            frames=tensor(detections.frames, torch.long),
            boxes=tensor(centred),
            appearance=tensor(detections.appearance),
            identities=tensor(detections.identities, torch.long),
            frame_rate=detections.frame_rate,
            descriptions=None if descriptions is None else tensor(descriptions),
            scene=None if scene is None else tensor(scene),
        )

    def __len__(self) -> int:
        return len(self.frames)


@dataclass
class Tracklets:
    """N tracklets, ordered by their first frame.

    Attributes:
        start: First frame, ``(N,)`` int64.
        end: Last frame, ``(N,)`` int64.
        first_box: (cx, cy, w, h) in pixels in the first frame, ``(N, 4)``.
        last_box: The same in the last frame.
        appearance: Mean appearance vector, ``(N, D)``.
        identity: Of the ground truth, ``(N,)`` int64; -1 for none.
        cluster: Which tracklet each of the clip's n detections belongs to, ``(n,)`` int64.
    """

    start: Tensor
    end: Tensor
    first_box: Tensor
    last_box: Tensor
    appearance: Tensor
    identity: Tensor
    cluster: Tensor

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, detections: ClipDetections, cluster: Tensor) -> Tracklets:
        """Gather detections into tracklets.

        Args:
            detections: Of the clip.
            cluster: Tracklet of each detection, numbered in the order of the lowest member.
        """
        count = int(cluster.max()) + 1 if len(cluster) else 0
        order = torch.argsort(cluster, stable=True)
        sizes = torch.bincount(cluster, minlength=count)
        last = order[sizes.cumsum(0) - 1]
        first = order[sizes.cumsum(0) - sizes]
        total = detections.appearance.new_zeros(count, detections.appearance.shape[1])
        total.index_add_(0, cluster, detections.appearance)
        return cls(
            start=detections.frames[first],
            end=detections.frames[last],
            first_box=detections.boxes[first],
            last_box=detections.boxes[last],
            appearance=total / sizes[:, None],
            identity=vote_identity(detections.identities, cluster, count),
            cluster=cluster,
        )


def vote_identity(identities: Tensor, cluster: Tensor, count: int) -> Tensor:
    """Give each tracklet the identity that half of its detections have or more.

    Args:
        identities: Of the detections, ``(n,)``; -1, none, has a vote, too.
        cluster: Tracklet of each detection, ``(n,)``.
        count: Number of tracklets N.

    Returns:
        ``(N,)``, -1 without such a half; the lowest identity wins ties (SPEC 3.5).
    """
    if count == 0:
        return identities
    names, votes = torch.unique(identities, return_inverse=True)
    table = torch.zeros(count, len(names), dtype=torch.long, device=cluster.device)
    table.index_put_((cluster, votes), torch.ones_like(cluster), accumulate=True)
    most = table.amax(dim=1)
    first = (table == most[:, None]).int().argmax(dim=1)  # names are sorted
    enough = most * 2 >= table.sum(dim=1)
    return torch.where(enough, names[first], torch.full_like(first, -1))
