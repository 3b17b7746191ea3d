"""What is done to tracks when the video has ended: short ones go, gaps are filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mmtrack.registry import TASK_UTILS


@dataclass
class TrackRows:
    """n boxes of tracks.

    Attributes:
        frames: ``(n,)`` int64.
        tracks: Identity of each, ``(n,)`` int64.
        boxes: (left, top, width, height) in pixels, ``(n, 4)`` float64.
        scores: ``(n,)``; of the detector, or between its neighbours' where a gap was filled.
    """

    frames: np.ndarray
    tracks: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: np.ndarray) -> TrackRows:
        return TrackRows(
            self.frames[index], self.tracks[index], self.boxes[index], self.scores[index]
        )


@TASK_UTILS.register_module()
class TrackFinishing:
    """Drop short tracks and fill gaps (SPEC 8).

    Args:
        min_length: Tracks of fewer boxes are dropped, except in a video of fewer frames.
        interpolate: Fill gaps linearly, in centre and size. Published: on for MOT17; SUSHI's
            command for DanceTrack has it off.
        max_gap: Longest gap in frames that is filled; None, as published: any. Raising it fills
            longer occlusions, and draws more boxes where nobody is.
    """

    def __init__(
        self, min_length: int = 2, *, interpolate: bool = True, max_gap: int | None = None
    ) -> None:
        self.min_length = min_length
        self.interpolate = interpolate
        self.max_gap = max_gap

    def __call__(self, rows: TrackRows) -> TrackRows:
        """Finish the tracks of a video; the rows come out by frame, then by track."""
        least = min(self.min_length, len(np.unique(rows.frames)))
        _, of_row, counts = np.unique(rows.tracks, return_inverse=True, return_counts=True)
        rows = rows[counts[of_row] >= least] if len(rows) else rows
        if self.interpolate and len(rows):
            rows = self._fill(rows[np.lexsort((rows.frames, rows.tracks))])
        return rows[np.lexsort((rows.tracks, rows.frames))]

    def _fill(self, rows: TrackRows) -> TrackRows:
        """Put boxes into the gaps of rows that are ordered by track, then by frame."""
        gap = np.diff(rows.frames) - 1
        gap[np.diff(rows.tracks) != 0] = 0
        if self.max_gap is not None:
            gap[gap > self.max_gap] = 0
        before = np.repeat(np.arange(len(gap)), gap)
        step = np.arange(len(before)) - np.repeat(np.cumsum(gap) - gap, gap) + 1
        share = step / (gap[before] + 1)
        centre = rows.boxes.copy()
        centre[:, :2] += centre[:, 2:] / 2
        filled = centre[before] + share[:, None] * (centre[before + 1] - centre[before])
        filled[:, :2] -= filled[:, 2:] / 2
        between = rows.scores[before + 1] - rows.scores[before]
        return TrackRows(
            np.concatenate([rows.frames, rows.frames[before] + step]),
            np.concatenate([rows.tracks, rows.tracks[before]]),
            np.concatenate([rows.boxes, filled]),
            np.concatenate([rows.scores, rows.scores[before] + share * between]),
        )
