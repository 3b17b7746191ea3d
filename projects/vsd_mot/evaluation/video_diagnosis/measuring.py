"""Measure a video: its times, its damage, and the pictures of some of its frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import torch

from ...models.semantics.frame_quality import FrameQuality
from ...models.semantics.quality_features import feature_names, quality_features
from ...video.damage import UNSEEN, DamageWatch
from ...video.sources import Frame, FrameSource
from .container import Container, read_container

MOTION_SIZE = (160, 90)
FEATURES = feature_names()


@dataclass
class PictureFacts:
    """The picture of one frame.

    Attributes:
        number: Of the frame, from 1.
        time: In seconds.
        quality: Of :class:`FrameQuality`, in [0, 1].
        features: By the names of :func:`feature_names`.
        picture: Small copy (h, w, 3) uint8 BGR.
    """

    number: int
    time: float
    quality: float
    features: dict[str, float]
    picture: np.ndarray


@dataclass
class VideoFacts:
    """What was measured of a video.

    Attributes:
        name: Of the source.
        size: (width, height) in pixels; (0, 0) where no frame could be read.
        container: Codec and bitrate; None where the source is no file.
        nominal_fps: What the source says.
        times: Seconds of each frame, ``(n,)``.
        damage: How many frames have which damage, and the number of frames in the longest run of
            frozen ones as ``longest_freeze``.
        frozen: Whether each frame is frozen, ``(n,)`` bool.
        motion: Shift of the whole picture since the frame before, in shares of its width and
            height per frame, ``(m, 2)``.
        pictures: Of the frames that were looked at.
        heights: Heights of detected people in pixels, ``(p,)``; None without a detector.
        length: Number of frames of the source, where it says; more than were read with a limit.
        notes: What the source says of itself: which track is read, changes of size.
        incomplete: What is missing at its end, in words; None where it is whole.
    """

    name: str
    size: tuple[int, int]
    container: Container | None
    nominal_fps: float
    times: np.ndarray
    damage: Counter[str]
    frozen: np.ndarray
    motion: np.ndarray
    pictures: list[PictureFacts] = field(default_factory=list)
    heights: np.ndarray | None = None
    length: int | None = None
    notes: list[str] = field(default_factory=list)
    incomplete: str | None = None

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.times)

    def middle(self, feature: str) -> float:
        """Return the median of a feature over the pictures; NaN without any."""
        values = [picture.features[feature] for picture in self.pictures]
        return float(np.median(values)) if values else float('nan')

    @property
    def quality(self) -> float:
        """Median quality of the pictures."""
        qualities = [picture.quality for picture in self.pictures]
        return float(np.median(qualities)) if qualities else float('nan')


Detect = Callable[[np.ndarray], np.ndarray]
"""From a picture (H, W, 3) uint8 BGR to the boxes (p, 4) (x1, y1, x2, y2) of its people."""


def measure_video(
    source: FrameSource, *, pictures: int = 40, limit: int = 3000, detect: Detect | None = None
) -> VideoFacts:
    """Read a video and measure it.

    Args:
        source: The opened source; it is not closed.
        pictures: How many frames are looked at closely, evenly spread. Raising it takes time.
        limit: Frames that are read at most; of an endless stream, too.
        detect: Detects people in the pictures that are looked at.

    Returns:
        The measurements.
    """
    every = max(1, min(source.length or limit, limit) // pictures)
    facts = VideoFacts(
        source.name,
        (0, 0),
        read_container(source.path),
        source.fps,
        np.zeros(0),
        Counter(),
        np.zeros(0, bool),
        np.zeros((0, 2)),
    )
    times, frozen, motion, heights = [], [], [], []
    watch = DamageWatch()
    for frame, shift in _with_motion(_watched(source, watch, limit)):
        times.append(frame.time)
        frozen.append(frame.damage == 'frozen')
        if frame.damage is not None:
            facts.damage[frame.damage] += 1
        if frame.image is None or frame.damage in UNSEEN:
            continue
        facts.size = (frame.image.shape[1], frame.image.shape[0])
        if shift is not None:
            motion.append(shift)
        if len(facts.pictures) * every <= frame.index:
            facts.pictures.append(picture_facts(frame))
            if detect is not None:
                boxes = detect(frame.image)
                heights.append(boxes[:, 3] - boxes[:, 1])
    facts.times, facts.frozen = np.array(times), np.array(frozen, bool)
    facts.motion = np.array(motion).reshape(-1, 2)
    if not source.length_is_guess:
        facts.length = source.length
    facts.incomplete = source.incomplete
    facts.notes = [note for note in (source.note, source.remark, watch.sizes_remark()) if note]
    facts.damage['longest_freeze'] = longest_run(facts.frozen)
    if detect is not None:
        facts.heights = np.concatenate([np.zeros(0), *heights])
    return facts


def _watched(source: FrameSource, watch: DamageWatch, limit: int) -> Iterator[Frame]:
    for frame in source:
        if frame.index >= limit:
            return
        yield watch.look(frame)


def _with_motion(frames: Iterator[Frame]) -> Iterator[tuple[Frame, np.ndarray | None]]:
    """Yield each frame with the shift of its picture since the last one that was new."""
    window = cv2.createHanningWindow(MOTION_SIZE, cv2.CV_32F)
    before: np.ndarray | None = None
    for frame in frames:
        if frame.image is None or frame.damage in UNSEEN or frame.damage == 'cut':
            before = None if frame.damage == 'cut' else before
            yield frame, None
            continue
        small = cv2.resize(frame.image, MOTION_SIZE, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        shift = None
        if before is not None:
            (x, y), response = cv2.phaseCorrelate(before, grey, window)
            shift = np.array([x, y]) / MOTION_SIZE if response > 0.1 else None
        before = grey
        yield frame, shift


def picture_facts(frame: Frame) -> PictureFacts:
    """Look at the picture of a frame closely."""
    assert frame.image is not None
    image = torch.from_numpy(np.ascontiguousarray(frame.image[..., ::-1].transpose(2, 0, 1)))[None]
    with torch.no_grad():
        values = quality_features(image)[0].tolist()
        quality = float(FrameQuality().score(image).quality)
    scale = 480 / max(frame.image.shape[:2])
    small = cv2.resize(frame.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    features = dict(zip(FEATURES, values))
    return PictureFacts(frame.number, frame.time, quality, features, small)


def longest_run(flags: np.ndarray) -> int:
    """Return the length of the longest run of True.

    >>> longest_run(np.array([True, False, True, True, True, False]))
    3
    """
    borders = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(int), [0]))))
    return int((borders[1::2] - borders[::2]).max(initial=0))
