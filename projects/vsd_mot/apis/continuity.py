"""Tracks go on where their model does not see a frame, and end where the scene does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from mmengine.structures import InstanceData

from ..video.damage import UNSEEN
from ..video.results import FrameResult


@dataclass
class Course:
    """Where a track was last, and where it was going.

    Attributes:
        box: ``(4,)`` (x1, y1, x2, y2) in pixels.
        velocity: ``(2,)`` of its centre, pixels per second.
        score: Of its last box.
        label: Its class.
        time: Of its last box, in seconds.
    """

    box: np.ndarray
    velocity: np.ndarray
    score: float
    label: int
    time: float


class Continuity:
    """Completes the results of any tracker that was not shown every frame.

    In a frame that the model was not shown (unreadable, corrupt, blank or frozen) each track of the
    last result goes on as it moved, for at most ``coast`` seconds; nothing is born there. After a
    cut no identity of before comes again.

    Args:
        coast: Seconds for which a track goes on unseen. Raising it fills longer gaps, with boxes
            that are further off.
        memory: Share of its velocity that a track keeps from one result to the next. Raising it
            steadies the way, and follows turns later.
    """

    def __init__(self, coast: float = 0.5, memory: float = 0.7) -> None:
        self.coast = coast
        self.memory = memory
        self.reset()

    def reset(self) -> None:
        """Begin a video."""
        self._courses: dict[int, Course] = {}
        self._offset = 0
        self._next = 0

    def follow(self, result: FrameResult) -> FrameResult:
        """Complete the result of the next frame.

        Args:
            result: As the model gave it; empty where it was not shown the frame.

        Returns:
            The same result.
        """
        if result.damage == 'cut':
            self._courses, self._offset = {}, self._next
        if result.damage in UNSEEN:
            result.pred_track_instances = self._coasting(result.time)
            return result
        tracks = result.pred_track_instances
        tracks.instances_id = tracks.instances_id + self._offset
        self._next = max([self._next, *(tracks.instances_id + 1).tolist()])
        self._courses = self._updated(result)
        return result

    def _updated(self, result: FrameResult) -> dict[int, Course]:
        courses = {}
        for identity, box, score, label in zip(
            result.ids.tolist(), result.boxes, result.scores, result.labels
        ):
            before = self._courses.get(identity)
            velocity = np.zeros(2)
            if before is not None and result.time > before.time:
                way = (box[:2] + box[2:] - before.box[:2] - before.box[2:]) / 2
                now = way / (result.time - before.time)
                known = before.velocity.any()
                velocity = self.memory * before.velocity + (1 - self.memory) * now if known else now
            courses[identity] = Course(box, velocity, float(score), int(label), result.time)
        return courses

    def _coasting(self, time: float) -> InstanceData:
        """Return the tracks that were seen lately, where they should be by now."""
        going = {
            identity: course
            for identity, course in self._courses.items()
            if time - course.time <= self.coast
        }
        boxes = [
            course.box + (time - course.time) * np.tile(course.velocity, 2)
            for course in going.values()
        ]
        return InstanceData(
            bboxes=torch.tensor(np.array(boxes), dtype=torch.float32).reshape(-1, 4),
            scores=torch.tensor([course.score for course in going.values()]),
            labels=torch.tensor([course.label for course in going.values()], dtype=torch.int64),
            instances_id=torch.tensor(list(going), dtype=torch.int64),
        )
