"""Birth and death of tracks at inference."""

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor
from torchvision.ops import nms

from .frame_evidence import FrameEvidence, SettledFrame
from .query_set import QuerySet


@MODELS.register_module()
class TrackLifecycle(BaseModule):
    """Birth, death and report of tracks by the decoder's scores (MOTR's runtime tracker).

    Args:
        birth_threshold: A query without identity is born at this score or above. Raising it gives
            fewer false tracks, and later or no identities for people who are hard to see.
        keep_threshold: A track whose score is below it is missing in this frame. Raising it ends
            tracks sooner.
        miss_tolerance: A track dies when it is missing for that many ticks (frames, unless the
            clock counts seconds) in a row. Raising it bridges longer occlusions, and lets more lost
            tracks take up another person.
        report_threshold: A track is reported in a frame where its score is above it. Raising it
            gives fewer false boxes and more gaps.
        min_area: A reported box is larger than this many pixels of the original image.
        merge_iou: Visible tracks whose boxes overlap by more than this IoU have come to follow one
            object; all but the oldest die, a newborn at once, its number unused. Lowering it
            merges more, at last people who walk close together. None, as published: they live on
            side by side.
    """

    def __init__(
        self,
        *,
        birth_threshold: float = 0.5,
        keep_threshold: float = 0.5,
        miss_tolerance: int = 20,
        report_threshold: float = 0.5,
        min_area: float = 100.0,
        merge_iou: float | None = None,
    ) -> None:
        super().__init__()
        self.birth_threshold = birth_threshold
        self.keep_threshold = keep_threshold
        self.miss_tolerance = miss_tolerance
        self.report_threshold = report_threshold
        self.min_area = min_area
        self.merge_iou = merge_iou
        self.reset()

    def reset(self) -> None:
        """Begin a video: identities start at 0 again."""
        self.next_id = 0

    def settle(self, evidence: FrameEvidence) -> SettledFrame:
        """Assign identities in a frame by the decoder's scores alone.

        Args:
            evidence: Of the frame; proposals and quality play no part here.

        Returns:
            The queries with their identities, and what is reported, at the decoder's boxes.
        """
        boxes = bbox_cxcywh_to_xyxy(evidence.boxes)
        queries = self(evidence.queries, boxes, elapsed=evidence.elapsed)
        height, width = evidence.size
        boxes = boxes * boxes.new_tensor([width, height, width, height])
        reported = self.reported(queries, boxes)
        return SettledFrame(queries, evidence.boxes, queries.scores, reported)

    def forward(self, queries: QuerySet, boxes: Tensor, *, elapsed: float = 1.0) -> QuerySet:
        """Update identities after a frame.

        Args:
            queries: All n queries of the frame with this frame's scores.
            boxes: Their boxes (x1, y1, x2, y2), in any unit, ``(n, 4)``.
            elapsed: Ticks since the frame before.

        Returns:
            The same n queries with new ``track_ids`` and ``missed``.
        """
        confident = queries.scores >= self.birth_threshold
        born = (queries.track_ids < 0) & confident
        missing = (queries.track_ids >= 0) & (queries.scores < self.keep_threshold)

        missed = queries.missed.masked_fill(confident, 0) + missing * elapsed
        track_ids = queries.track_ids.clone()
        births = int(born.sum())
        track_ids[born] = torch.arange(self.next_id, self.next_id + births, device=track_ids.device)
        self.next_id += births
        track_ids[missing & (missed >= self.miss_tolerance)] = -1
        if self.merge_iou is not None:
            visible = torch.nonzero((track_ids >= 0) & ~missing).flatten()
            # Identities are numbered in the order of birth.
            seniority = -track_ids[visible].to(boxes.dtype)
            merged = torch.ones_like(visible, dtype=torch.bool)
            merged[nms(boxes[visible], seniority, self.merge_iou)] = False
            track_ids[visible[merged]] = -1
        return queries.replace(track_ids=track_ids, missed=missed)

    def reported(self, queries: QuerySet, boxes: Tensor) -> Tensor:
        """Choose the queries whose boxes belong in the result.

        Args:
            queries: The n queries after :meth:`forward`.
            boxes: Their boxes (x1, y1, x2, y2) in pixels of the original image, ``(n, 4)``.

        Returns:
            Mask of shape ``(n,)``.
        """
        width, height = (boxes[:, 2:] - boxes[:, :2]).unbind(1)
        return (
            (queries.track_ids >= 0)
            & (queries.scores > self.report_threshold)
            & (width * height > self.min_area)
        )
