"""From clips to videos: overlapping clips are joined while the video goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from mmtrack.registry import TASK_UTILS
from scipy.optimize import linear_sum_assignment

from ...datasets.track_clips import Detections, next_clip_start
from ...datasets.track_clips.windows import CLIP_FRAMES


def match_tracks(earlier: np.ndarray, later: np.ndarray) -> dict[int, int]:
    """Match the tracks of two clips by the detections that they share (SPEC 8).

    Args:
        earlier: Track of each shared detection in the clip before, ``(n,)``.
        later: Track of the same detections in the clip after, ``(n,)``.

    Returns:
        Track after -> track before, such that as many detections as possible agree.
    """
    before, rows = np.unique(earlier, return_inverse=True)
    after, columns = np.unique(later, return_inverse=True)
    shared = np.zeros((len(before), len(after)))
    np.add.at(shared, (rows, columns), 1)
    pairs = zip(*linear_sum_assignment(shared, maximize=True))
    return {int(after[b]): int(before[a]) for a, b in pairs if shared[a, b] > 0}


class Stitcher(Protocol):
    """Makes the tracks of a video from associations of pieces of it."""

    def add(self, frame: Detections) -> None:
        """Take the detections of one more frame; frames without any may be left out."""

    def finish(self) -> np.ndarray:
        """End the video: the track of each of its n detections, in order, ``(n,)`` int64."""


@TASK_UTILS.register_module()
class ClipStitcher:
    """Joins a video's detections clip by clip, as its frames come in.

    A clip is associated when a frame beyond it arrives; then only the frames that it shares with
    the next clip stay in memory, whatever the length of the video.

    Args:
        associate: Gives the track of each of a clip's n detections, ``(n,)``.
        length: Frames of a clip; raising it costs memory and joins nothing farther apart than the
            window of the coarsest level.
        overlap: Share of a clip's detected frames that the next one has, too; raising it steadies
            the seams and costs time, ``1 / (1 - overlap)`` associations of each frame.
    """

    def __init__(
        self,
        associate: Callable[[Detections], np.ndarray],
        length: int = CLIP_FRAMES,
        overlap: float = 0.5,
    ) -> None:
        self.associate = associate
        self.length = length
        self.overlap = overlap
        self._begin()

    def _begin(self) -> None:
        """Forget the video before."""
        self._waiting: list[Detections] = []
        self._shared = np.zeros(0, dtype=np.int64)  # tracks of the first detections that wait
        self._next_track = 0
        self._tracks: list[np.ndarray] = []

    def add(self, frame: Detections) -> None:
        """See :class:`Stitcher`.

        Raises:
            ValueError: The frame is not after the one before.
        """
        if len(frame) == 0:
            return
        if self._waiting and frame.frames[0] <= self._waiting[-1].frames[-1]:
            raise ValueError(
                f'frame {frame.frames[0]} comes after frame {self._waiting[-1].frames[-1]}: the '
                'frames of a video come in order, all detections of one at once'
            )
        while self._waiting and frame.frames[-1] >= self._waiting[0].frames[0] + self.length:
            self._close_clip()
        self._waiting.append(frame)

    def finish(self) -> np.ndarray:
        """See :class:`Stitcher`."""
        if self._waiting:
            self._associate(concatenate(self._waiting))
        tracks = np.concatenate([np.zeros(0, dtype=np.int64), *self._tracks])
        self._begin()
        return tracks

    def _close_clip(self) -> None:
        clip = concatenate(self._waiting)
        tracks = self._associate(clip)
        start = next_clip_start(clip.detected_frames, self.overlap)
        if start == clip.frames[0]:  # a single frame: nothing to share
            self._waiting, self._shared = [], self._shared[:0]
            return
        shared_part = clip.frames >= start
        self._waiting = [frame for frame in self._waiting if frame.frames[0] >= start]
        self._shared = tracks[shared_part]

    def _associate(self, clip: Detections) -> np.ndarray:
        """Tracks of a clip's detections, numbered as those before it."""
        shared = len(self._shared)
        if shared == len(clip):
            return self._shared
        tracks = self.associate(clip) + self._next_track
        names = match_tracks(self._shared, tracks[:shared])
        tracks = np.array([names.get(int(track), int(track)) for track in tracks], dtype=np.int64)
        tracks[:shared] = self._shared
        self._tracks.append(tracks[shared:])
        self._next_track = max(self._next_track, int(tracks.max()) + 1)
        return tracks


def concatenate(parts: Sequence[Detections]) -> Detections:
    """Join the detections of consecutive frames."""
    return Detections(
        frames=np.concatenate([part.frames for part in parts]),
        boxes=np.concatenate([part.boxes for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        appearance=np.concatenate([part.appearance for part in parts]),
        identities=np.concatenate([part.identities for part in parts]),
        frame_rate=parts[0].frame_rate,
    )
