"""One video on its way through the tracker: frames in, finished tracks out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from mmtrack.registry import TASK_UTILS

from ...datasets.track_clips import Detections, prepare_boxes
from .finishing import TrackRows
from .hierarchy import GraphHierarchy
from .stitching import Stitcher
from .tracklets import ClipDetections


class VideoRun:
    """Takes the detections of a video frame by frame, and gives its tracks when it has ended.

    Memory holds the appearance of one clip, and of the frames before it boxes alone.

    Args:
        hierarchy: Joins the detections of a clip.
        stitcher: Config of the :class:`Stitcher`; what joins the detections of a clip is filled in.
        finishing: What is done to the tracks in the end.
        min_score: See :func:`prepare_boxes`.
        published: See :func:`prepare_boxes`.
        frame_rate: Frames per second.
    """

    def __init__(
        self,
        hierarchy: GraphHierarchy,
        stitcher: dict,
        finishing: Callable[[TrackRows], TrackRows],
        *,
        min_score: float,
        published: bool,
        frame_rate: float,
    ) -> None:
        self.hierarchy = hierarchy
        self.finishing = finishing
        self.min_score = min_score
        self.published = published
        self.frame_rate = frame_rate
        associate = dict(associate=self._associate)
        self.stitcher: Stitcher = TASK_UTILS.build(stitcher, default_args=associate)
        self._frames: list[np.ndarray] = []
        self._boxes: list[np.ndarray] = []
        self._scores: list[np.ndarray] = []

    def _associate(self, clip: Detections) -> np.ndarray:
        device = self.hierarchy.level_vectors.weight.device
        return self.hierarchy.associate(ClipDetections.of(clip, device)).cpu().numpy()

    def add(
        self,
        number: int,
        *,
        boxes: np.ndarray,
        scores: np.ndarray,
        size: tuple[int, int],
        describe: Callable[[np.ndarray], np.ndarray],
    ) -> None:
        """Take a frame.

        Args:
            number: Its number, above that of the frame before.
            boxes: (x_min, y_min, x_max, y_max) of the detections in pixels, ``(n, 4)``.
            scores: ``(n,)``.
            size: (height, width).
            describe: Gives the appearance of the detections at some positions, ``(m, D)``.
        """
        chosen, kept = prepare_boxes(
            boxes, scores, size, min_score=self.min_score, published=self.published
        )
        if len(kept) == 0:
            return
        frames = np.full(len(kept), number, dtype=np.int64)
        scores = np.asarray(scores, dtype=np.float64)[kept]
        self.stitcher.add(
            Detections(
                frames=frames,
                boxes=chosen,
                scores=scores,
                appearance=np.asarray(describe(kept), dtype=np.float32),
                identities=np.full(len(kept), -1, dtype=np.int64),
                frame_rate=self.frame_rate,
            )
        )
        self._frames.append(frames)
        self._boxes.append(chosen)
        self._scores.append(scores)

    def finish(self) -> TrackRows:
        """End the video."""
        rows = TrackRows(
            np.concatenate([np.zeros(0, dtype=np.int64), *self._frames]),
            self.stitcher.finish(),
            np.concatenate([np.zeros((0, 4)), *self._boxes]),
            np.concatenate([np.zeros(0), *self._scores]),
        )
        return self.finishing(rows)


def boxes_by_frame(rows: TrackRows) -> dict[int, dict[str, torch.Tensor]]:
    """Tracks of each frame that has any, as fields of ``pred_track_instances``."""
    corners = rows.boxes.copy()
    corners[:, 2:] += corners[:, :2]
    fields_of_frame = {}
    borders = np.flatnonzero(np.diff(rows.frames)) + 1
    for part in np.split(np.arange(len(rows)), borders):
        if len(part):
            fields_of_frame[int(rows.frames[part[0]])] = dict(
                bboxes=torch.from_numpy(corners[part].astype(np.float32)),
                scores=torch.from_numpy(rows.scores[part].astype(np.float32)),
                labels=torch.zeros(len(part), dtype=torch.long),
                instances_id=torch.from_numpy(rows.tracks[part]),
            )
    return fields_of_frame
