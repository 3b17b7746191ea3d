"""The tracking losses of a clip, frame by frame."""

from typing import NamedTuple

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_overlaps
from mmdet.utils import reduce_mean
from mmengine.model import BaseModule
from mmtrack.registry import MODELS, TASK_UTILS
from torch import Tensor

from ...frames import FrameObjects
from ..queries import QuerySet
from ..transformer import DecoderOutput
from .matcher import IdentityAwareMatcher, Match


class FrameLoss(NamedTuple):
    """What the ground truth of a frame makes of its predictions and queries.

    Attributes:
        losses: By name, un-normalised: ``loss_cls``, ``loss_bbox`` and ``loss_iou`` of the last
            layer, the same with ``d{i}.`` in front for inner layer i.
        queries: The n queries with new ``track_ids``, ``ious`` and ``scores``.
        matches: Of each decoder layer.
    """

    losses: dict[str, Tensor]
    queries: QuerySet
    matches: list[Match]


@MODELS.register_module()
class ClipLoss(BaseModule):
    """Class, L1 and GIoU losses of all decoder layers over the frames of a clip.

    The losses of a frame are sums over its queries; whoever runs the clip adds the frames up
    and divides once by :meth:`num_objects`.

    Args:
        matcher: Config of the matcher (:class:`IdentityAwareMatcher`).
        num_classes: Object classes.
        loss_cls: Config of the class loss over logits and labels (``mmdet.FocalLoss``).
        loss_bbox: Config of the loss over normalised (cx, cy, w, h) (``mmdet.L1Loss``).
        loss_iou: Config of the loss over (x1, y1, x2, y2) (``mmdet.GIoULoss``).
    """

    def __init__(
        self,
        *,
        matcher: dict,
        loss_cls: dict,
        loss_bbox: dict,
        loss_iou: dict,
        num_classes: int = 1,
    ) -> None:
        super().__init__()
        self.matcher: IdentityAwareMatcher = TASK_UTILS.build(matcher)
        self.num_classes = num_classes
        self.loss_cls = MODELS.build(loss_cls)
        self.loss_bbox = MODELS.build(loss_bbox)
        self.loss_iou = MODELS.build(loss_iou)

    def forward(self, output: DecoderOutput, queries: QuerySet, objects: FrameObjects) -> FrameLoss:
        """Compute the losses of a frame, and update its queries.

        Identities and IoUs follow the last layer's match. Inner layers match the new objects
        afresh; the inherited pairs stay.

        Args:
            output: Predictions for the n queries, with the class logits of all layers.
            queries: The n queries with the identities they came in with.
            objects: The frame's M objects.

        Returns:
            Losses, queries and matches.
        """
        inherited = self.matcher.inherited(queries.track_ids, objects)
        free = torch.nonzero(queries.track_ids < 0).flatten()
        matches: list[Match] = []
        losses: dict[str, Tensor] = {}
        last = len(output.logits) - 1
        for layer, (logits, boxes) in enumerate(zip(output.logits, output.boxes)):
            new = self.matcher.newborn(logits, boxes, objects, inherited=inherited, free=free)
            matches.append(Match.cat(new, inherited))
            match = matches[-1].with_object()
            prefix = '' if layer == last else f'd{layer}.'
            losses.update(self.layer_losses(logits, boxes, objects, match=match, prefix=prefix))
        queries = self.update_queries(queries, output, objects, match=matches[-1].with_object())
        return FrameLoss(losses, queries, matches)

    def layer_losses(
        self, logits: Tensor, boxes: Tensor, objects: FrameObjects, *, match: Match, prefix: str
    ) -> dict[str, Tensor]:
        """Compute a layer's class loss over all n queries, box losses over the matched ones."""
        labels = torch.full((len(logits),), self.num_classes, device=logits.device)
        labels[match.queries] = objects.labels[match.objects]
        return {
            f'{prefix}loss_cls': self.loss_cls(logits, labels, reduction_override='sum'),
            **self.box_losses(boxes[match.queries], objects.boxes[match.objects], prefix),
        }

    def box_losses(self, boxes: Tensor, targets: Tensor, prefix: str) -> dict[str, Tensor]:
        """Compute the box losses of matched normalised (cx, cy, w, h) boxes, ``(k, 4)`` each."""
        corners, target_corners = bbox_cxcywh_to_xyxy(boxes), bbox_cxcywh_to_xyxy(targets)
        return {
            f'{prefix}loss_bbox': self.loss_bbox(boxes, targets, reduction_override='sum'),
            f'{prefix}loss_iou': self.loss_iou(corners, target_corners, reduction_override='sum'),
        }

    def denoising(self, output: DecoderOutput, objects: FrameObjects) -> dict[str, Tensor]:
        """Compute the box losses of the denoising queries, each for its own object, in every layer.

        Args:
            output: Predictions for groups * M denoising queries, group by group.
            objects: The M objects they were made from. Their losses are a mean over the groups.

        Returns:
            ``dn.loss_bbox`` and ``dn.loss_iou`` of the last layer, ``dn.d{i}.`` of layer i.
        """
        losses = {}
        last = len(output.boxes) - 1
        groups = output.boxes.shape[1] // max(1, len(objects))
        targets = objects.boxes.repeat(groups, 1)
        for layer, boxes in enumerate(output.boxes):
            prefix = 'dn.' if layer == last else f'dn.d{layer}.'
            losses.update(self.box_losses(boxes, targets, prefix))
        return {name: value / max(1, groups) for name, value in losses.items()}

    @torch.no_grad()
    def update_queries(
        self, queries: QuerySet, output: DecoderOutput, objects: FrameObjects, *, match: Match
    ) -> QuerySet:
        """Return the queries with identities and IoUs of their match, and this frame's scores."""
        track_ids, ious = queries.track_ids.clone(), queries.ious.clone()
        track_ids[match.queries] = objects.track_ids[match.objects]
        ious[match.queries] = bbox_overlaps(
            bbox_cxcywh_to_xyxy(output.boxes[-1][match.queries]),
            bbox_cxcywh_to_xyxy(objects.boxes[match.objects]),
            is_aligned=True,
        )
        scores = output.logits[-1].sigmoid().amax(dim=-1)
        return queries.replace(track_ids=track_ids, ious=ious, scores=scores)

    @staticmethod
    def num_objects(count: int, device: torch.device) -> Tensor:
        """Return the divisor: objects in all frames, averaged over ranks, at least 1."""
        return reduce_mean(torch.tensor(float(count), device=device)).clamp(min=1)
