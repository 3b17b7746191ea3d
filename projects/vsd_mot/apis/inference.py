"""Track people in a video from Python.

Example:
    >>> from vsd_mot.apis import init_tracker, track_video
    >>> tracker = init_tracker('my_config.py', 'weights.pth')
    >>> for result in track_video(tracker, 'street.mp4'):
    ...     print(result.index, result.ids, result.boxes, result.quality)
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator

from ..errors import ProposalError, TrackingError
from ..video.damage import UNSEEN, DamageWatch
from ..video.reader import SourceLike, open_source
from ..video.results import FrameResult, names_up_to
from ..video.sources import Frame
from .detections import Detections
from .masks import MaskTracker
from .offline import OfflineResults
from .proposals import ProposalsLike, VideoProposals
from .result_stream import ResultStream
from .tracker import Tracker


def track_video(
    tracker: Tracker,
    source: SourceLike,
    *,
    window: int = 8,
    proposals: ProposalsLike | None = None,
    strict: bool = False,
    fps: float | None = None,
    watch: DamageWatch | None = None,
    masks: MaskTracker | None = None,
) -> ResultStream:
    """Track a video, one result per frame, as it is being read.

    An offline tracker (LG-MOT) reads it twice; the first result comes when its end has been seen.

    Args:
        tracker: From :func:`init_tracker`.
        source: A video file, a folder of images, the number of a camera, a stream address, or an
            iterable of (H, W, 3) uint8 BGR arrays.
        window: Number of consecutive frames that go through backbone and encoder as one batch,
            where the model can do that (see :class:`Abilities`). Raising it takes memory, and
            keeps a GPU busier; the result is the same. Live sources are never kept waiting: they
            use 1.
        proposals: Detections to be used instead of those that the model makes itself: a file
            (MOTChallenge det file, COCO, CVAT, proposal file), a mapping from the position of a
            frame (from 0) to its detections, an iterable with those of each frame, or a function
            from its picture (BGR) to them. Those of a frame have any form of
            :func:`as_detections`: arrays, `supervision.Detections`, MMDetection's results.
        strict: Raise at the first frame that cannot be read, and where a file ends before its
            end. By default such a frame gives a result whose `fault` says why, and whose tracks go
            on as they moved, is counted in `ResultStream.faults`, and the frames after it keep
            their numbers; an early end is noted in `source.incomplete`.
        watch: Names damaged frames, which the model is then not shown, and cuts, at which all
            tracks end (`FrameResult.damage`). None: one by the defaults.
        fps: Frames per second, in place of the times that the source gives; not for live sources.
        masks: From :func:`init_masks`: every track gets a mask, `FrameResult.masks`. Not for
            offline trackers.

    Returns:
        An iterator over :class:`FrameResult`. It closes the source when it ends.

    Raises:
        SourceError: The source cannot be read; while iterating: no frame of it can be read.
        ProposalError: The model takes no proposals, or needs some and got none, or the file does
            not belong to the video (of a length that its header leaves open, known at the end).
        TrackingError: While iterating: the tracker was given another video, or the model returned
            numbers that are not finite.
    """
    if tracker.abilities.offline:
        if masks is not None:
            raise TrackingError(
                f'{type(tracker.model).__name__} is offline, and masks follow frame by frame: '
                'leave the masks out, or use a tracker that is not offline'
            )
        return OfflineResults(tracker, source, proposals=proposals, strict=strict, fps=fps)
    return VideoResults(
        tracker,
        source,
        window=window,
        proposals=proposals,
        strict=strict,
        fps=fps,
        watch=watch,
        masks=masks,
    )


class VideoResults(ResultStream):
    """Results of a video that is tracked as it is being read; see :func:`track_video`."""

    def __init__(
        self,
        tracker: Tracker,
        source: SourceLike,
        *,
        window: int = 8,
        proposals: ProposalsLike | None = None,
        strict: bool = False,
        fps: float | None = None,
        watch: DamageWatch | None = None,
        masks: MaskTracker | None = None,
    ) -> None:
        if window < 1:
            raise ValueError(f'window is {window}; it is a number of frames, at least 1')
        abilities = tracker.abilities
        if proposals is not None and not abilities.takes_proposals:
            raise ProposalError(
                f'{type(tracker.model).__name__} makes its own detections and takes no proposals; '
                'leave them out, or use a model that declares takes_proposals (MOTRv2, VSD-MOT ...)'
            )
        self.tracker = tracker
        super().__init__(open_source(source, fps=fps), strict=strict)
        self.window = window if abilities.encodes_windows and not self.source.live else 1
        if proposals is None and abilities.needs_proposals:
            raise ProposalError(
                f'{type(tracker.model).__name__} tracks from detections, and has no detector: give '
                'proposals (a MOTChallenge det.txt or a proposal file), or a detector (its config '
                'and checkpoint) that makes them'
            )
        self.proposals = None if proposals is None else VideoProposals(proposals, self.source)
        self.masks = masks
        self.watch = watch or DamageWatch()

    @property
    def remarks(self) -> list[str]:
        """See :class:`ResultStream`; frames of several sizes are such a remark."""
        sizes = self.watch.sizes_remark()
        return super().remarks + ([] if sizes is None else [sizes])

    def _run(self) -> Generator[FrameResult, None, None]:
        self.tracker.reset()
        self.watch.reset()
        video, count = self.tracker.videos, 0
        if self.masks is not None:
            self.masks.reset(follow_boxes=True)
        for frames in self._windows(map(self.watch.look, self._read(2 * self.window))):
            if self.tracker.videos != video:
                raise TrackingError(
                    'the tracker began another video before this one was done; '
                    'use one tracker per video that is tracked at the same time'
                )
            results = self.tracker.track(frames, self._proposals_of(frames), self.source.length)
            for frame, result in zip(frames, results):
                self._name_classes(result)
                if self.masks is not None:
                    self._add_masks(self.masks, result)
                if self.source.live:
                    self.latency.add(time.monotonic() - frame.arrived)
                yield result
            count += len(frames)
        self._judge_end()
        self._judge_proposals(count)

    def _name_classes(self, result: FrameResult) -> None:
        """Let tracks whose classes are those of the detections have their names."""
        names = self.proposals.names if self.proposals is not None else {}
        if names and self.tracker.abilities.keeps_labels:
            known = names_up_to(self.tracker.classes, max(names))
            result.classes = tuple(names.get(label, name) for label, name in enumerate(known))

    def _add_masks(self, masks: MaskTracker, result: FrameResult) -> None:
        if result.damage == 'cut':
            masks.reset(follow_boxes=True)
        if result.damage not in UNSEEN:
            masks.follow(result, fps=self.source.fps)

    def _windows(self, source: Iterable[Frame]) -> Iterator[list[Frame]]:
        frames: list[Frame] = []
        for frame in source:
            self._note(frame)
            frames.append(frame)
            if len(frames) == self.window:
                yield frames
                frames = []
        if frames:
            yield frames

    def _judge_proposals(self, count: int) -> None:
        """See after the last frame whether the proposals end with it."""
        if self.source.incomplete is None and self.proposals is not None:
            self.proposals.judge_end(count)

    def _proposals_of(self, frames: list[Frame]) -> list[Detections] | None:
        return None if self.proposals is None else [self.proposals.of(frame) for frame in frames]
