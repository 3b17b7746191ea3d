"""A tracking model with the preparation of its frames, built from a config and a checkpoint."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from mmtrack.utils import register_all_modules
from torch import nn

from ..engine.checkpoint_fit import drop_training_parts, pretrained_parts
from ..engine.configs import class_names, frame_pipeline, proposal_detector, read_config
from ..engine.weights import load_checkpoint
from ..errors import CheckpointError, ConfigError
from ..export.manifest import digest_of
from ..video.damage import UNSEEN
from ..video.results import FrameResult, instances_on_cpu, semantics_as_floats
from ..video.sources import Frame
from .abilities import Abilities
from .continuity import Continuity
from .detections import as_detections


class Tracker:
    """A tracking model with the preparation of its frames.

    Build one with :func:`init_tracker`, run it with :func:`track_video`, or frame by frame with
    :meth:`track`.

    Args:
        model: An MMTracking multi-object tracker in eval mode.
        pipeline: Transforms from a frame's dictionary to the model's input.
        classes: Names of the classes, in the order of the labels.
        continuity: Completes results where the model was not shown the frame.
        settings: Of the model and the pipeline, as text; part of the :meth:`digest`.

    Attributes:
        backend: What computes the networks, by :func:`use_backend`.
        videos: How many videos it has begun. Whoever tracks a video checks by it that no other
            one was begun meanwhile.
    """

    def __init__(
        self,
        model: BaseMultiObjectTracker,
        pipeline: Compose,
        *,
        classes: tuple[str, ...],
        continuity: Continuity | None = None,
        settings: str = '',
    ) -> None:
        self.model = model
        self.pipeline = pipeline
        self.classes = classes
        self.continuity = continuity or Continuity()
        self.settings = settings
        self.backend = 'pytorch'
        self.videos = 0
        self._next_frame_id = 0

    @property
    def abilities(self) -> Abilities:
        """What the model can do."""
        return Abilities.of(self.model)

    def digest(self) -> str:
        """Return a digest of what decides the tracks: weights, settings and backend."""
        text = f'{digest_of(self.model)} {self.settings} {self.backend}'
        return hashlib.sha256(text.encode()).hexdigest()

    def reset(self) -> None:
        """Forget all tracks: the next frame begins a new video."""
        self.videos += 1
        self._next_frame_id = 0
        self.continuity.reset()

    def track(
        self,
        frames: list[Frame],
        proposals: Sequence[Any] | None = None,
        video_length: int | None = None,
    ) -> list[FrameResult]:
        """Track the next frames of the video.

        Args:
            frames: Consecutive frames. One that is damaged such that its picture says nothing does
                not go to the model: its tracks go on as they moved. A cut begins anew.
            proposals: Detections of each frame, in any form of :func:`as_detections`; None lets the
                model make its own.
            video_length: Number of frames of the whole video, where it is known.

        Returns:
            One result per frame.

        Raises:
            TrackingError: The model returned a box or score that is not finite.
        """
        inputs = {}
        for position, frame in enumerate(frames):
            if frame.image is None or frame.damage in UNSEEN:
                continue
            if frame.damage == 'cut':
                self._next_frame_id = 0
            inputs[position] = self.prepare(
                frame,
                frame_id=self._next_frame_id,
                proposals=None if proposals is None else proposals[position],
                video_length=video_length,
            )
            # Models expect no gaps: only frames that they get are counted.
            self._next_frame_id += 1
        samples = dict(zip(inputs, self._predict(list(inputs.values()))))
        return [
            self.continuity.follow(result_of(frame, samples.get(position), self.classes))
            for position, frame in enumerate(frames)
        ]

    @torch.no_grad()
    def _predict(self, inputs: list[dict]) -> list[TrackDataSample]:
        step = max(1, len(inputs)) if self.abilities.encodes_windows else 1
        samples: list[TrackDataSample] = []
        for start in range(0, len(inputs), step):
            samples += self.model.test_step(pseudo_collate(inputs[start : start + step]))
        return samples

    def prepare(
        self,
        frame: Frame,
        *,
        frame_id: int = 0,
        proposals: Any = None,
        video_length: int | None = None,
    ) -> dict:
        """Bring a frame to the model's input; what is being tracked does not change.

        Args:
            frame: It has a picture.
            frame_id: Position among the frames that the model gets; at 0 models begin a video.
            proposals: What was detected in it, in any form of :func:`as_detections`; None lets the
                model make its own detections.
            video_length: Number of frames of the whole video, where it is known.

        Raises:
            ValueError: It has no picture.
        """
        if frame.image is None:
            raise ValueError(f'frame {frame.number} has no picture that could be prepared')
        height, width = frame.image.shape[:2]
        data: dict[str, object] = dict(
            img=frame.image,
            img_path=frame.name,
            img_id=frame_id,
            img_shape=(height, width),
            ori_shape=(height, width),
            frame_id=frame_id,
            frame_time=frame.time,
            video_id=0,
            is_video_data=True,
            instances=[],
        )
        if video_length is not None:
            data['video_length'] = video_length
        if proposals is not None:
            where = f'the detections of frame {frame.number}'
            detections = as_detections(proposals, where, (width, height))
            data['proposals'] = detections.boxes
            data['proposals_scores'] = detections.scores
            data['proposals_labels'] = detections.labels
        return self.pipeline(data)


def result_of(
    frame: Frame, sample: TrackDataSample | None, classes: tuple[str, ...]
) -> FrameResult:
    """Combine a frame with what the model returned for it; None where it did not go there."""
    number = frame.index + 1 if frame.number is None else frame.number
    tracks = None if sample is None else sample.get('pred_track_instances')
    semantics = None if sample is None else sample.metainfo.get('semantics')
    return FrameResult(
        index=frame.index,
        image=frame.image,
        pred_track_instances=instances_on_cpu(tracks, number),
        semantics=semantics_as_floats(semantics),
        time=frame.time,
        name=frame.name,
        fault=frame.fault,
        damage=frame.damage or ('unreadable' if frame.image is None else None),
        number=number,
        classes=classes,
    )


def init_tracker(
    config: str | Path | Config,
    checkpoint: str | Path | None = None,
    *,
    device: str | torch.device | None = None,
    cfg_options: dict | None = None,
    detector: tuple[str | Path | Config, str | Path] | None = None,
    classes: Sequence[str] | None = None,
) -> Tracker:
    """Build a tracker that is ready to track.

    Any multi-object tracker of MMTracking works, those of this package and e.g. ByteTrack or SORT.

    Args:
        config: A config file, the name of a shipped config, or a loaded config.
        checkpoint: Weights that fit the config. None keeps what the config's own `init_cfg` loads;
            a warning names the parts for which it loads nothing: their weights are random.
        device: Where to run, such as 'cpu' or 'cuda:0'. None takes a GPU where there is one.
        cfg_options: Settings of the config to override, keys with dots.
        detector: Config and checkpoint of an MMDetection detector that makes the proposals, in
            place of the `detector` of the model's config (if any).
        classes: Names of the classes in the order of the labels, in place of the checkpoint's or
            the config's.

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
        model: nn.Module = MODELS.build(config.model)
    except (KeyError, TypeError, AssertionError, ImportError) as error:
        raise ConfigError(f'the model of the config cannot be built: {error}') from error
    if not isinstance(model, BaseMultiObjectTracker):
        raise ConfigError(
            f'{type(model).__name__} is not a multi-object tracker; a detector that makes the '
            'proposals goes with the config of a tracker, as its `detector`'
        )
    meta = {} if checkpoint is None else load_checkpoint(model, checkpoint)
    drop_training_parts(model)
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
    names = class_names(config, meta) if classes is None else tuple(classes)
    settings = f'{config.model} {frame_pipeline(config)} {names}'
    return Tracker(model, pipeline, classes=names, settings=settings)


def _init_quietly(model: BaseMultiObjectTracker, load_from: str | None) -> None:
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
    loaded = tuple(prefix for prefix, _ in pretrained_parts(model))
    random = [name for name, _ in model.named_parameters() if not name.startswith(loaded)]
    if random:
        parts = ', '.join(dict.fromkeys(name.partition('.')[0] for name in random))
        hint = f'. Its load_from ({load_from}) is where training starts' if load_from else ''
        warnings.warn(
            f'no checkpoint was given, and the config names none for {parts}: these weights are '
            f'random, and so is what is tracked{hint}',
            stacklevel=3,
        )
