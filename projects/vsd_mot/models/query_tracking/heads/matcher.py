"""Identity-aware matching: tracks answer for their own object, the others compete."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.structures import InstanceData
from mmtrack.registry import TASK_UTILS
from torch import Tensor

from ...frames import FrameObjects


@dataclass
class Match:
    """Which query answers for which object, as index pairs.

    Attributes:
        queries: Indices of queries, int64, ``(k,)``.
        objects: Indices of their objects, int64, ``(k,)``; -1 where a track's object is not in
            the frame and the track has to answer "background".
    """

    queries: Tensor
    objects: Tensor

    def with_object(self) -> Match:
        """Return the pairs whose object is in the frame."""
        visible = self.objects >= 0
        return Match(self.queries[visible], self.objects[visible])

    @staticmethod
    def cat(first: Match, second: Match) -> Match:
        """Both matches' pairs."""
        return Match(
            torch.cat((first.queries, second.queries)),
            torch.cat((first.objects, second.objects)),
        )


@TASK_UTILS.register_module()
class IdentityAwareMatcher:
    """Matches the queries of a frame to its objects (MOTR, section 3.3).

    A query with identity k answers for object k while it is in the frame and for nothing
    afterwards. The objects that nobody answers for are matched to the queries without
    identity by the Hungarian method.

    Args:
        assigner: Config of an assigner such as ``mmdet.HungarianAssigner``. It sees boxes as
            (x1, y1, x2, y2) in a frame of size 1 x 1.
    """

    def __init__(self, assigner: dict) -> None:
        self.assigner = TASK_UTILS.build(assigner)

    def inherited(self, track_ids: Tensor, objects: FrameObjects) -> Match:
        """Pair queries and objects by identity.

        Args:
            track_ids: Identities of the n queries, -1 for none, ``(n,)``.
            objects: The frame's M objects.

        Returns:
            A pair for each query with an identity, in the order of the queries.
        """
        tracks = torch.nonzero(track_ids >= 0).flatten()
        same = track_ids[tracks, None] == objects.track_ids[None]
        indices = torch.full_like(tracks, -1)
        rows, columns = torch.nonzero(same, as_tuple=True)
        indices[rows] = columns
        return Match(tracks, indices)

    @torch.no_grad()
    def newborn(
        self,
        logits: Tensor,
        boxes: Tensor,
        objects: FrameObjects,
        *,
        inherited: Match,
        free: Tensor,
    ) -> Match:
        """Match the objects that identities left open, at least cost.

        Args:
            logits: Class logits of the n queries, ``(n, classes)``.
            boxes: Their boxes, normalised (cx, cy, w, h), ``(n, 4)``.
            objects: The frame's M objects.
            inherited: The pairs of :meth:`inherited`.
            free: Indices of the queries without identity, ``(f,)``.

        Returns:
            At most one pair for each open object, in the order of the queries.
        """
        open_mask = torch.ones(len(objects), dtype=torch.bool, device=boxes.device)
        open_mask[inherited.with_object().objects] = False
        open_objects = torch.nonzero(open_mask).flatten()
        if not len(free) or not len(open_objects):
            return Match(free[:0], open_objects[:0])
        assigned = self.assigner.assign(
            InstanceData(scores=logits[free], bboxes=bbox_cxcywh_to_xyxy(boxes[free])),
            InstanceData(
                labels=objects.labels[open_objects],
                bboxes=bbox_cxcywh_to_xyxy(objects.boxes[open_objects]),
            ),
            dict(img_shape=(1, 1)),
        ).gt_inds
        chosen = torch.nonzero(assigned > 0).flatten()
        return Match(free[chosen], open_objects[assigned[chosen] - 1])
