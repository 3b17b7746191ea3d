"""Track people in a video from Python.

Example:
    >>> from vsd_mot.apis import init_tracker, track_video
    >>> tracker = init_tracker('my_config.py', 'weights.pth')
    >>> for result in track_video(tracker, 'street.mp4'):
    ...     print(result.index, result.ids, result.boxes, result.quality)
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules
from torch import nn

from ..engine.checkpoint_fit import pretrained_prefixes
from ..engine.configs import class_names, frame_pipeline, proposal_detector, read_config
from ..engine.weights import load_checkpoint
from ..errors import CheckpointError, ConfigError, ProposalError, SourceError, TrackingError
from ..models.query_tracking import MOTRv2
from ..video.reader import FrameReader, SourceLike, open_source
from ..video.results import FrameResult, instances_on_cpu, semantics_as_floats
from ..video.sources import Frame
from .masks import MaskTracker
from .proposals import Proposals, read_proposals


class Tracker:
    """A tracking model with the preparation of its frames.

    Build one with :func:`init_tracker`, run it with :func:`track_video`, or frame by frame with
    :meth:`track`.

    Args:
        model: An MMTracking multi-object tracker in eval mode.
        pipeline: Transforms from a frame's dictionary to the model's input.
        classes: Names of the classes, in the order of the labels.

    Attributes:
        from_proposals: Whether this is MOTRv2 or one that builds on it: it tracks from detections
            that may be given, and encodes several consecutive frames in one call.
    """

    def __init__(self, model: nn.Module, pipeline: Compose, classes: tuple[str, ...]) -> None:
        self.model = model
        self.pipeline = pipeline
        self.classes = classes
        self.from_proposals = isinstance(model, MOTRv2)
        self.reset()

    def reset(self) -> None:
        """Forget all tracks: the next frame begins a new video."""
        self._fed = 0
        self.video = object()  # whoever holds another one is tracking a video that was given up

    def track(
        self,
        frames: list[Frame],
        proposals: list[Proposals] | None = None,
        video_length: int | None = None,
    ) -> list[FrameResult]:
        """Track the next frames of the video.

        Args:
            frames: Consecutive frames. A frame without a picture gives an empty result and is not
                shown to the model.
            proposals: Detections of each frame; None lets the model make its own.
            video_length: Number of frames of the whole video, where it is known.

        Returns:
            One result per frame.
        """
        readable = [at for at, frame in enumerate(frames) if frame.image is not None]
        samples = iter(self._predict(frames, readable, proposals, video_length))
        results = []
        for frame in frames:
            sample = None if frame.image is None else next(samples)
            tracks = None if sample is None else sample.get('pred_track_instances')
            results.append(
                FrameResult(
                    index=frame.index,
                    image=frame.image,
                    pred_track_instances=instances_on_cpu(tracks, frame.number),
                    semantics=semantics_as_floats(sample and sample.metainfo.get('semantics')),
                    time=frame.time,
                    name=frame.name,
                    fault=frame.fault,
                    number=frame.number,
                )
            )
        return results

    @torch.no_grad()
    def _predict(
        self,
        frames: list[Frame],
        readable: list[int],
        proposals: list[Proposals] | None,
        video_length: int | None,
    ) -> list:
        step = max(1, len(readable)) if self.from_proposals else 1
        samples = []
        for start in range(0, len(readable), step):
            batch = []
            for at in readable[start : start + step]:
                given = None if proposals is None else proposals[at]
                batch.append(self._prepare(frames[at], given, video_length))
            samples.extend(self.model.test_step(pseudo_collate(batch)))
        return samples

    def _prepare(self, frame: Frame, proposals: Proposals | None, length: int | None) -> dict:
        height, width = frame.image.shape[:2]
        # Models reset at frame 0 and expect no gaps: they are told of the frames that they see.
        number, self._fed = self._fed, self._fed + 1
        data = dict(
            img=frame.image,
            img_path=frame.name,
            img_id=number,
            img_shape=(height, width),
            ori_shape=(height, width),
            frame_id=number,
            video_id=0,
            is_video_data=True,
            instances=[],
        )
        if length is not None:
            data['video_length'] = length
        if proposals is not None:
            boxes, scores = proposals
            data['proposals'] = np.asarray(boxes, np.float32).reshape(-1, 4)
            data['proposals_scores'] = np.asarray(scores, np.float32).reshape(-1)
        return self.pipeline(data)


def init_tracker(
    config: str | Path | Config,
    checkpoint: str | Path | None = None,
    device: str | torch.device | None = None,
    cfg_options: dict | None = None,
    detector: tuple[str | Path | Config, str | Path] | None = None,
) -> Tracker:
    """Build a tracker that is ready to track.

    Any multi-object tracker of MMTracking works, those of this package and e.g. ByteTrack or SORT.

    Args:
        config: A config file, the name of a shipped config, or a loaded config.
        checkpoint: Weights that fit the config. None keeps what the config's own `init_cfg` loads;
            a warning names the parts for which it loads nothing: their weights are random.
        device: Where to run, such as 'cpu' or 'cuda:0'. None takes a GPU where there is one.
        cfg_options: Settings of the config to override, keys with dots.
        detector: Config and checkpoint of an MMDetection detector that makes the proposals of a
            MOTRv2, in place of the one in its config (if any).

    Raises:
        ConfigError: The config is not found, is faulty, or is not of a tracker.
        CheckpointError: The weights are not found, not plain data, or do not fit the model.
    """
    register_all_modules(init_default_scope=False)
    config = read_config(config, cfg_options)
    init_default_scope(config.get('default_scope', 'mmtrack'))
    if detector is not None:
        config.model.detector = proposal_detector(*detector)
    pipeline = Compose(frame_pipeline(config))
    try:
        model = MODELS.build(config.model)
    except (KeyError, TypeError, AssertionError, ImportError) as error:
        raise ConfigError(f'the model of the config cannot be built: {error}') from error
    if not isinstance(model, BaseMultiObjectTracker):
        raise ConfigError(
            f'{type(model).__name__} is not a multi-object tracker; a detector that makes the '
            'proposals goes with the config of a tracker, as its `detector`'
        )
    meta = {} if checkpoint is None else load_checkpoint(model, checkpoint)
    if getattr(model, 'semantics', None) is not None:
        model.semantics.deploy()  # tracking needs no teacher, and no weights of distillation
    if checkpoint is None:
        _init_quietly(model, config.get('load_from'))
    if device is None:
        device = 'cuda:0' if torch.cuda.is_available() else 'cpu'
    try:
        model.to(device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f'the device {device!r} cannot be used: {reason}') from error
    model.eval()
    return Tracker(model, pipeline, class_names(config, meta))


def _init_quietly(model: nn.Module, load_from: str | None) -> None:
    """Load what the config's `init_cfg` name, without MMEngine's line for every parameter."""
    logger = MMLogger.get_current_instance()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        model.init_weights()
    except (OSError, RuntimeError) as error:
        raise CheckpointError(
            f'no checkpoint was given, and what the config names cannot be loaded: {error}'
        ) from error
    finally:
        logger.setLevel(level)
    loaded = tuple(pretrained_prefixes(model))
    random = [name for name, _ in model.named_parameters() if not name.startswith(loaded)]
    if random:
        parts = ', '.join(dict.fromkeys(name.partition('.')[0] for name in random))
        hint = f'. Its load_from ({load_from}) is where training starts' if load_from else ''
        warnings.warn(
            f'no checkpoint was given, and the config names none for {parts}: these weights are '
            f'random, and so is what is tracked{hint}',
            stacklevel=3,
        )


def track_video(
    tracker: Tracker,
    source: SourceLike,
    window: int = 8,
    proposals: str | Path | Mapping[int, Proposals] | None = None,
    strict: bool = False,
    masks: MaskTracker | None = None,
) -> VideoResults:
    """Track a video, one result per frame, as it is being read.

    Args:
        tracker: From :func:`init_tracker`.
        source: A video file, a folder of images, the number of a camera, a stream address, or an
            iterable of (H, W, 3) uint8 BGR arrays.
        window: Number of consecutive frames that go through backbone and encoder as one batch,
            where the model can do that. Live sources are never kept waiting: they use 1.
        proposals: Detections to be used instead of those that the model makes itself: a
            MOTChallenge det file, a proposal file, or a mapping from the position of a frame (from
            0) to its boxes (P, 4) and scores (P,). Frames without an entry have none.
        strict: Raise at the first frame that cannot be read. By default such a frame gives an
            empty result whose `fault` says why, is counted in `VideoResults.faults`, and the
            frames after it keep their numbers.
        masks: From :func:`init_masks`: every track gets a mask, `FrameResult.masks`.

    Returns:
        An iterator over :class:`FrameResult`. It closes the source when it ends.

    Raises:
        SourceError: The source cannot be read; while iterating: no frame of it can be read, or
            frames differ in size.
        ProposalError: The model takes no proposals, or the file does not belong to the video.
    """
    return VideoResults(tracker, source, window, proposals, strict, masks)


class VideoResults:
    """Iterator over the results of a video; see :func:`track_video`.

    Attributes:
        source: The opened source (name, fps, length, live).
        faults: Reasons of the frames that could not be read or are damaged, in order.
        dropped: Frames of a live source that were not waited for.
    """

    def __init__(
        self,
        tracker: Tracker,
        source: SourceLike,
        window: int = 8,
        proposals: str | Path | Mapping[int, Proposals] | None = None,
        strict: bool = False,
        masks: MaskTracker | None = None,
    ) -> None:
        if window < 1:
            raise ValueError(f'window is {window}; it is a number of frames, at least 1')
        if proposals is not None and not tracker.from_proposals:
            raise ProposalError(
                f'{type(tracker.model).__name__} makes its own detections and takes no proposals; '
                'leave them out, or use a model that tracks from proposals (MOTRv2, VSD-MOT ...)'
            )
        self.tracker = tracker
        self.source = open_source(source)
        self.window = window if tracker.from_proposals and not self.source.live else 1
        if tracker.from_proposals and proposals is None and tracker.model.detector is None:
            raise ProposalError(
                f'{type(tracker.model).__name__} tracks from detections, and has no detector: give '
                'proposals (a MOTChallenge det.txt or a proposal file), or a detector (its config '
                'and checkpoint) that makes them'
            )
        if isinstance(proposals, str | Path):
            proposals = read_proposals(proposals, self.source)
        self.proposals = proposals
        self.strict = strict
        self.masks = masks
        self.faults: list[str] = []
        self._reader: FrameReader | None = None
        self._results = self._run()

    @property
    def dropped(self) -> int:
        """Frames of a live source that were not waited for."""
        return self._reader.dropped if self._reader is not None else 0

    def __len__(self) -> int:
        if self.source.length is None:
            raise TypeError('the length of this source is not known')
        return self.source.length

    def __iter__(self) -> Iterator[FrameResult]:
        return self

    def __next__(self) -> FrameResult:
        return next(self._results)

    def close(self) -> None:
        """Stop tracking and close the source; done by itself after the last frame."""
        self._results.close()
        (self._reader or self.source).close()

    def _run(self) -> Iterator[FrameResult]:
        self.tracker.reset()
        video, readable = self.tracker.video, 0
        if self.masks is not None:
            self.masks.reset(follow_boxes=True)
        self._reader = FrameReader(self.source, depth=2 * self.window)
        try:
            for frames in self._windows():
                if self.tracker.video is not video:
                    raise TrackingError(
                        'the tracker began another video before this one was done; '
                        'use one tracker per video that is tracked at the same time'
                    )
                readable += sum(frame.image is not None for frame in frames)
                for result in self.tracker.track(frames, self._given(frames), self.source.length):
                    if self.masks is not None:
                        self.masks.follow(result, fps=self.source.fps)
                    yield result
            if readable == 0:
                first = f': {self.faults[0]}' if self.faults else ''
                raise SourceError(f'not one frame of {self.source.name} could be read{first}')
        finally:
            self._reader.close()

    def _windows(self) -> Iterator[list[Frame]]:
        frames: list[Frame] = []
        for frame in self._reader:
            if frame.fault is not None:
                if self.strict:
                    raise SourceError(frame.fault)
                self.faults.append(frame.fault)
            frames.append(frame)
            if len(frames) == self.window:
                yield frames
                frames = []
        if frames:
            yield frames

    def _given(self, frames: list[Frame]) -> list[Proposals] | None:
        if self.proposals is None:
            return None
        nothing = (np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
        return [self.proposals.get(frame.index, nothing) for frame in frames]
