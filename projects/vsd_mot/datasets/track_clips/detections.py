"""The detections of a video or clip, as one thing, and their preparation for the graph."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..descriptions import VideoText

MIN_IOU = 0.5
_FORBIDDEN = 1e4


@dataclass
class GroundTruth:
    """The ground truth of a video, a row for each object in each frame.

    Attributes:
        frames: Frame numbers, ``(m,)`` int64, ascending.
        boxes: (left, top, width, height) in pixels, ``(m, 4)``.
        identities: ``(m,)`` int64.
    """

    frames: np.ndarray
    boxes: np.ndarray
    identities: np.ndarray


@dataclass
class ClipTruth(GroundTruth):
    """What is known of a clip in training, for a model that prepares its boxes in its own way.

    Attributes:
        size: (height, width) of its frames.
        text: Text features of the video; None without language.
    """

    size: tuple[int, int]
    text: VideoText | None = None

    def between(self, first: int, last: int) -> ClipTruth:
        """Select the frames ``first`` to ``last``, both included."""
        inside = slice(*np.searchsorted(self.frames, [first, last + 1]))
        return ClipTruth(
            frames=self.frames[inside],
            boxes=self.boxes[inside],
            identities=self.identities[inside],
            size=self.size,
            text=self.text,
        )


@dataclass
class Detections:
    """n detections of one video, ordered by frame.

    Attributes:
        frames: Frame of each detection, ``(n,)`` int64, ascending.
        boxes: (left, top, width, height) in pixels, ``(n, 4)`` float64.
        scores: Of the detector, ``(n,)``; the graph does not look at them.
        appearance: Appearance vectors, ``(n, D)`` float32; D may be 0.
        identities: Of the ground truth, ``(n,)`` int64; -1 for a false positive.
        descriptions: Text features of each detection's person, ``(n, K)`` float32 with rows of
            NaN where there are none; None outside training.
        scene: Text features of the video, ``(S,)`` float32; None outside training.
        frame_rate: Frames per second.
        truth: What identities and descriptions were taken from; None outside training.
    """

    frames: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    appearance: np.ndarray
    identities: np.ndarray
    descriptions: np.ndarray | None = None
    scene: np.ndarray | None = None
    frame_rate: float = 30.0
    truth: ClipTruth | None = None

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: np.ndarray | slice) -> Detections:
        """Those that a mask, an index array or a slice selects."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ('frames', 'boxes', 'scores', 'appearance', 'identities', 'descriptions'):
            if values[name] is not None:
                values[name] = values[name][index]
        return Detections(**values)

    def between(self, first: int, last: int) -> Detections:
        """Those of the frames ``first`` to ``last``, both included."""
        inside = self[slice(*np.searchsorted(self.frames, [first, last + 1]))]
        if self.truth is not None:
            inside.truth = self.truth.between(first, last)
        return inside

    def as_published(self) -> Detections:
        """Prepare a training clip as the published code does for MOT17 (SPEC 2.2, 5.2).

        Boxes are clamped to whole pixels, identities go by these, and false positives get the
        first described person's text.

        Raises:
            ValueError: It is no training clip.
        """
        truth = self.truth
        if truth is None:
            raise ValueError('these detections have no ground truth: they are no training clip')
        height, width = truth.size
        boxes = clamp_to_integers(self.boxes, width, height)
        identities = assign_identities(self.frames, boxes, truth)
        descriptions = self.descriptions
        if truth.text is not None:
            descriptions = truth.text.of(identities, published=True)
        return replace(self, boxes=boxes, identities=identities, descriptions=descriptions)

    @property
    def detected_frames(self) -> list[int]:
        """Frames that have a detection, ascending, each once."""
        return np.unique(self.frames).tolist()


def clamp_to_integers(boxes: np.ndarray, width: int, height: int) -> np.ndarray:
    """Clamp boxes into the frame and cut their fractions off, as the published code does for MOT17.

    Args:
        boxes: (left, top, width, height) in pixels from 0, ``(n, 4)``.
        width: Of the frame.
        height: Of the frame.

    Returns:
        Whole numbers as float64, ``(n, 4)`` (SPEC 2.2, step 2).
    """
    corner = np.trunc(np.clip(boxes[:, :2], 0, [width - 2, height - 2]))
    # What is cut off at the left is cut off the width; what truncation adds is added to it.
    size = boxes[:, 2:] - (corner - boxes[:, :2])
    size = np.trunc(np.maximum(size, 1))
    size = np.trunc(np.minimum([width, height] - corner, size))
    return np.concatenate([corner, size], axis=1)


def pixel_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of boxes (left, top, width, height) whose last pixel counts, as MOTChallenge has it.

    Args:
        first: ``(n, 4)``.
        second: ``(m, 4)``.

    Returns:
        ``(n, m)``, in [0, 1].
    """
    start = np.maximum(first[:, None, :2], second[None, :, :2])
    ends = [boxes[:, :2] + boxes[:, 2:] for boxes in (first, second)]
    end = np.minimum(ends[0][:, None], ends[1][None])
    inner = np.clip(end - start + 1, 0, None).prod(axis=-1)
    areas = [(boxes[:, 2:] + 1).prod(axis=-1) for boxes in (first, second)]
    return inner / (areas[0][:, None] + areas[1][None] - inner)


def assign_identities(
    frames: np.ndarray,
    boxes: np.ndarray,
    ground_truth: GroundTruth,
    *,
    min_iou: float = MIN_IOU,
) -> np.ndarray:
    """Give detections the identities of the ground truth, frame by frame (SPEC 2.2, step 6).

    As many detections as possible are matched, with the greatest sum of IoU.

    Args:
        frames: Of the detections, ``(n,)``.
        boxes: Their (left, top, width, height), ``(n, 4)``.
        ground_truth: Boxes of the same frames, with identities.
        min_iou: No match below it; raising it leaves more detections without identity.

    Returns:
        Identities, ``(n,)`` int64; -1 for a detection that matches nobody.
    """
    identities = np.full(len(frames), -1, dtype=np.int64)
    for frame in np.intersect1d(frames, ground_truth.frames):
        ours = np.flatnonzero(frames == frame)
        truths = np.flatnonzero(ground_truth.frames == frame)
        iou = pixel_iou(ground_truth.boxes[truths], boxes[ours])
        cost = np.where(iou >= min_iou, 1 - iou, _FORBIDDEN)
        rows, columns = linear_sum_assignment(cost)
        matched = cost[rows, columns] < _FORBIDDEN
        identities[ours[columns[matched]]] = ground_truth.identities[truths[rows[matched]]]
    return identities


def prepare_boxes(
    boxes: np.ndarray,
    scores: np.ndarray,
    size: tuple[int, int],
    *,
    min_score: float,
    published: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the detections of a frame that take part, and bring their boxes to the graph's form.

    Args:
        boxes: (x_min, y_min, x_max, y_max) in pixels, ``(n, 4)``.
        scores: ``(n,)``.
        size: (height, width) of the frame.
        min_score: Detections below it are left out; raising it loses people, lowering it adds
            false positives, which become tracks where they recur.
        published: Clamp boxes into the frame and cut their fractions off.

    Returns:
        (left, top, width, height) of those that stay, ``(m, 4)`` float64, and their positions
        ``(m,)``. Boxes without a pixel in the frame do not stay.
    """
    height, width = size
    boxes = np.asarray(boxes, dtype=np.float64)
    inside = (np.minimum(boxes[:, 2:], [width, height]) - np.maximum(boxes[:, :2], 0) > 0).all(1)
    kept = np.flatnonzero((np.asarray(scores) >= min_score) & inside)
    chosen = np.concatenate([boxes[kept, :2], boxes[kept, 2:] - boxes[kept, :2]], axis=1)
    return clamp_to_integers(chosen, width, height) if published else chosen, kept
