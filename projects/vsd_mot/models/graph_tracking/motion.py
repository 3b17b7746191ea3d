"""Where tracklets are heading: the motion score of a pair."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from mmtrack.registry import TASK_UTILS
from torch import Tensor

from .tracklets import ClipDetections, Tracklets

NO_MOTION = -2.0
_EPS = 1e-7


def giou(first: Tensor, second: Tensor) -> Tensor:
    """Generalised IoU of pairs of boxes (cx, cy, w, h).

    Args:
        first: ``(E, 4)``; a size below 0 counts as 0.
        second: ``(E, 4)``.

    Returns:
        ``(E,)``, in [-1, 1].
    """
    starts = [boxes[:, :2] - boxes[:, 2:] / 2 for boxes in (first, second)]
    ends = [boxes[:, :2] + boxes[:, 2:] / 2 for boxes in (first, second)]
    ends[0] = torch.maximum(starts[0], ends[0])
    areas = [(end - start).prod(dim=1) for start, end in zip(starts, ends)]
    inner = torch.minimum(*ends) - torch.maximum(*starts)
    inner = inner.clamp(min=0).prod(dim=1)
    union = areas[0] + areas[1] - inner + _EPS
    hull = (torch.maximum(*ends) - torch.minimum(*starts)).prod(dim=1) + _EPS
    return inner / union - (hull - union) / hull


@dataclass
class Motion:
    """How N tracklets enter and leave.

    Attributes:
        forward: Velocity (cx, cy, w, h) at the end, pixels per frame, ``(N, 4)``.
        backward: Velocity at the start, going back in time, ``(N, 4)``.
        known: Which tracklets have a motion at both ends, ``(N,)``.
    """

    forward: Tensor
    backward: Tensor
    known: Tensor


@TASK_UTILS.register_module()
class ConstantVelocity:
    """Score pairs by constant velocity: both are continued to the middle of the gap (SPEC 3.3).

    Inner gaps of a tracklet count as interpolated, so that its mean velocity is the way between
    the two outer boxes of its last (first) ``length`` frames, divided by their distance. Weak when
    people stop, turn or dance.

    Args:
        length: Frames at an end that its velocity is measured over; raising it steadies the
            velocity and makes it late in turns.
        horizon: The farthest that a box is continued, in frames. Raising it trusts a straight path
            across longer gaps.
        center_only: Keep width and height as they are.
    """

    def __init__(self, *, length: int, horizon: int, center_only: bool = True) -> None:
        self.length = length
        self.horizon = horizon
        self.center_only = center_only

    def estimate(self, detections: ClipDetections, tracklets: Tracklets) -> Motion:
        """Measure the velocities of N tracklets at their ends."""
        frames, cluster = detections.frames, tracklets.cluster
        late = frames > tracklets.end[cluster] - self.length
        early = frames < tracklets.start[cluster] + self.length
        forward, leaving = self._velocity(
            detections, tracklets, near=late, tip=tracklets.last_box, farthest='amin'
        )
        backward, entering = self._velocity(
            detections, tracklets, near=early, tip=tracklets.first_box, farthest='amax'
        )
        return Motion(forward, backward, leaving & entering)

    def _velocity(
        self,
        detections: ClipDetections,
        tracklets: Tracklets,
        *,
        near: Tensor,
        tip: Tensor,
        farthest: str,
    ) -> tuple[Tensor, Tensor]:
        """Velocity towards the tip, and whether there is a second box near it."""
        members = torch.nonzero(near).flatten()
        cluster = tracklets.cluster[members]
        anchor = torch.zeros_like(tracklets.start)
        anchor.scatter_reduce_(0, cluster, members, farthest, include_self=False)
        at_tip = tracklets.end if farthest == 'amin' else tracklets.start
        distance = (at_tip - detections.frames[anchor]).abs()
        velocity = (tip - detections.boxes[anchor]) / distance.clamp(min=1)[:, None]
        if self.center_only:
            velocity[:, 2:] = 0
        return velocity, distance > 0

    def score(self, motion: Motion, tracklets: Tracklets, edges: Tensor) -> Tensor:
        """Score E pairs.

        Args:
            motion: Of the tracklets.
            tracklets: The nodes.
            edges: (earlier, later), ``(2, E)``.

        Returns:
            GIoU of the continued boxes, ``(E,)`` in [-1, 1], or -2 where a motion is not known.
        """
        earlier, later = edges
        last, first = tracklets.last_box[earlier], tracklets.first_box[later]
        forward, backward = motion.forward[earlier], motion.backward[later]
        gap = (tracklets.start[later] - tracklets.end[earlier]).to(last.dtype)
        half = (gap / 2).clamp(max=self.horizon)[:, None]
        ahead = last + half.ceil() * forward
        behind = first + half.floor().clamp(min=1) * backward
        score = giou(ahead, behind)
        adjacent = (giou(last + forward, first) + giou(first + backward, last)) / 2
        score = torch.where(gap == 1, adjacent, score).clamp(NO_MOTION, 1)
        known = motion.known[earlier] & motion.known[later]
        return score.masked_fill(~known, NO_MOTION)
