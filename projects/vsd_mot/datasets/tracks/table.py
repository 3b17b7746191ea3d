"""The tracks of a video as one table, whatever file they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from mmengine.structures import InstanceData

from ...mot_layout import DEFAULT_FPS
from ...video.results import FrameResult
from ...video.sources import Damage


@dataclass(frozen=True)
class TableFrame:
    """What a file says of a frame itself.

    Attributes:
        index: Position in the video, from 0.
        number: In MOTChallenge files, from 1.
        time: Seconds since the first frame; None goes by the frame rate.
        name: File name of the picture, empty where there is none.
        size: (width, height) in pixels; None takes the video's.
        semantics: As of :class:`FrameResult`, as the following two.
        fault: Why it could not be read.
        damage: What is wrong with its picture.
    """

    index: int
    number: int
    _: KW_ONLY
    time: float | None = None
    name: str = ''
    size: tuple[int, int] | None = None
    semantics: dict[str, float] = field(default_factory=dict)
    fault: str | None = None
    damage: Damage | None = None


@dataclass
class TrackTable:
    """N boxes of a video.

    Attributes:
        path: The file they come from.
        name: Of the video.
        frames: What there is of each frame, in order; those without boxes may be missing.
        rows: (N,) int64 place in `frames` of each box.
        ids: (N,) int64 identities; None where the file has detections, which have none.
        boxes: (N, 4) float64 (x_min, y_min, x_max, y_max) in pixels, finite.
        labels: (N,) int64 classes.
        classes: Names of the classes, in the order of the labels.
        scores: (N,) float64.
        visibility: (N,) float64 visible shares in [0, 1].
        ignored: (N,) bool, of objects that do not count.
        fps: Frames per second; None where the file does not say.
        size: (width, height) of the pictures in pixels; None where the file does not say.
        length: Number of frames, so far as the file knows.
        remarks: What of the file is not in the table.
    """

    path: Path
    name: str
    frames: list[TableFrame]
    _: KW_ONLY
    rows: np.ndarray
    ids: np.ndarray | None
    boxes: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    scores: np.ndarray
    visibility: np.ndarray
    ignored: np.ndarray
    fps: float | None = None
    size: tuple[int, int] | None = None
    length: int | None = None
    remarks: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, chosen: np.ndarray) -> TrackTable:
        """Return the table with some of its boxes.

        Args:
            chosen: (N,) bool.
        """
        columns = ('rows', 'boxes', 'labels', 'scores', 'visibility', 'ignored')
        parts = {name: getattr(self, name)[chosen] for name in columns}
        return replace(self, ids=None if self.ids is None else self.ids[chosen], **parts)

    def results(self) -> Iterator[FrameResult]:
        """Yield the frames as tracking yields them, without pictures."""
        fps = self.fps or DEFAULT_FPS
        order = np.argsort(self.rows, kind='stable')
        ends = np.searchsorted(self.rows[order], np.arange(len(self.frames) + 1))
        for place, frame in enumerate(self.frames):
            chosen = order[ends[place] : ends[place + 1]]
            yield FrameResult(
                index=frame.index,
                image=None,
                pred_track_instances=self._instances(chosen),
                semantics=frame.semantics,
                time=frame.index / fps if frame.time is None else frame.time,
                name=frame.name,
                fault=frame.fault,
                damage=frame.damage,
                number=frame.number,
                classes=self.classes,
                size=frame.size or self.size,
            )

    def _instances(self, chosen: np.ndarray) -> InstanceData:
        ids = np.full(len(self), -1) if self.ids is None else self.ids
        return InstanceData(
            bboxes=torch.from_numpy(self.boxes[chosen]).float(),
            scores=torch.from_numpy(self.scores[chosen]).float(),
            labels=torch.from_numpy(self.labels[chosen]),
            instances_id=torch.from_numpy(ids[chosen]),
            visibility=torch.from_numpy(self.visibility[chosen]).float(),
            ignored=torch.from_numpy(self.ignored[chosen]),
        )


def numbered_frames(
    numbers: np.ndarray, *, last: int | None = None, positions: dict[int, int] | None = None
) -> tuple[list[TableFrame], np.ndarray]:
    """Return the frames of boxes whose frame numbers are known, and each box's place in them.

    Args:
        numbers: (N,) frame numbers, from 1.
        last: Number of the video's last frame, which is noted even if it has no boxes.
        positions: Position of each number in the video; None: one less than the number.
    """
    known = np.unique(numbers if last is None else np.append(numbers, last))
    frames = [
        TableFrame(number - 1 if positions is None else positions[number], number)
        for number in known.tolist()
    ]
    return frames, np.searchsorted(known, numbers)
