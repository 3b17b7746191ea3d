"""Masks for what is tracked, from Python.

Example:
    >>> from vsd_mot.apis import init_masks, init_tracker, track_video
    >>> tracker = init_tracker('my_config.py', 'weights.pth')
    >>> masks = init_masks('hqtrack_config.py', 'hqtrack.pth')
    >>> for result in track_video(tracker, 'street.mp4', masks=masks):
    ...     print(result.ids, result.masks.shape)
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from ..engine.configs import read_config
from ..engine.weights import load_checkpoint
from ..errors import ConfigError, SourceError, TrackingError
from ..export.manifest import digest_of
from ..models.mask_tracking import HQTrack
from ..video.label_files import read_label_map
from ..video.reader import SourceLike, open_source
from ..video.results import FrameResult, instances_on_cpu
from ..video.sources import Frame
from .result_stream import ResultStream


class MaskTracker:
    """An :class:`HQTrack` that follows the frames of one video at a time.

    Build one with :func:`init_masks`.

    Args:
        model: The model in eval mode.
    """

    SOURCES = {True: 'TrackedBoxes', False: 'AnnotatedMasks'}

    def __init__(self, model: HQTrack) -> None:
        self.model = model
        self._sources = {model.objects.needs_tracks: model.objects}

    def digest(self) -> str:
        """Return a digest of what decides the masks: weights and settings."""
        return digest_of(self.model)

    def reset(self, *, follow_boxes: bool) -> None:
        """Begin another video.

        Args:
            follow_boxes: Whether its objects are those of a box tracker; else they are given as
                masks. The config's settings hold for the kind of source that it names.
        """
        if follow_boxes not in self._sources:
            self._sources[follow_boxes] = MODELS.build(dict(type=self.SOURCES[follow_boxes]))
        self.model.objects = self._sources[follow_boxes]
        self.model.reset()

    def follow(
        self, result: FrameResult, *, annotation: np.ndarray | None = None, fps: float | None = None
    ) -> FrameResult:
        """Add masks to the result of the next frame; a frame without a picture is passed over.

        Args:
            result: Of the frame; its boxes are followed unless masks are given.
            annotation: ``(H, W)`` identities of new objects, 0 elsewhere.
            fps: Frames per second of the video.

        Returns:
            The same result with masks.

        Raises:
            TrackingError: The picture, or the given masks, have another size than before.
        """
        if result.image is None:
            return result
        picture = torch.from_numpy(np.ascontiguousarray(result.image[..., ::-1]))
        tracks = result.pred_track_instances
        try:
            instances = self.model.follow(
                picture.permute(2, 0, 1),
                annotation=None if annotation is None else torch.from_numpy(annotation),
                tracks=tracks if self.model.objects.needs_tracks else None,
                fps=fps,
            )
        except ValueError as error:
            raise TrackingError(str(error)) from error
        result.pred_track_instances = instances_on_cpu(instances, result.number)
        return result


def init_masks(
    config: str | Path | Config,
    checkpoint: str | Path | None = None,
    *,
    device: str | torch.device | None = None,
    cfg_options: dict | None = None,
) -> MaskTracker:
    """Build a mask tracker that is ready.

    Args:
        config: A config file of an HQTrack, the name of a shipped one, or a loaded config.
        checkpoint: Weights that fit the config. None takes the config's ``load_from``; without
            it the weights are random.
        device: Where to run, such as 'cpu' or 'cuda:0'. None takes a GPU where there is one.
        cfg_options: Settings of the config to override, keys with dots.

    Raises:
        ConfigError: The config is not found, is faulty, or is not of an HQTrack.
        CheckpointError: The weights are not found, not plain data, or do not fit the model.
    """
    register_all_modules(init_default_scope=False)
    config = read_config(config, cfg_options)
    init_default_scope(config.get('default_scope', 'mmtrack'))
    try:
        model = MODELS.build(config.model)
    except (KeyError, TypeError, ValueError, AssertionError, ImportError) as error:
        raise ConfigError(f'the mask tracker of the config cannot be built: {error}') from error
    if not isinstance(model, HQTrack):
        raise ConfigError(
            f'{type(model).__name__} makes no masks: --masks and init_masks take the config of an '
            'HQTrack, such as those in configs/hqtrack'
        )
    checkpoint = checkpoint or config.get('load_from')
    if checkpoint is not None:
        load_checkpoint(model, checkpoint)
    if device is None:
        device = 'cuda:0' if torch.cuda.is_available() else 'cpu'
    return MaskTracker(model.to(device).eval())


class SegmentedVideo(ResultStream):
    """Results of a video whose first masks are given.

    Args:
        masks: From :func:`init_masks`.
        source: As of :func:`track_video`.
        first_masks: ``(H, W)`` identities of the first frame, 0 for the background, or a PNG with
            them.
        strict: As of :func:`track_video`.
        fps: As of :func:`track_video`; the memory's gap in seconds goes by it.

    Raises:
        SourceError: The source or the masks cannot be read, or no object is in the masks.
    """

    def __init__(
        self,
        masks: MaskTracker,
        source: SourceLike,
        first_masks: np.ndarray | str | Path,
        *,
        strict: bool = False,
        fps: float | None = None,
    ) -> None:
        if isinstance(first_masks, (str, Path)):
            try:
                first_masks = read_label_map(first_masks)
            except ValueError as error:
                raise SourceError(str(error)) from error
        if not (first_masks > 0).any():
            raise SourceError(
                'the first masks have no object: a label map has the identity of an object at its '
                'pixels, and 0 elsewhere'
            )
        super().__init__(open_source(source, fps=fps), strict=strict)
        self.masks = masks
        self.first_masks = first_masks

    def _run(self) -> Generator[FrameResult, None, None]:
        self.masks.reset(follow_boxes=False)
        annotation: np.ndarray | None = self.first_masks
        for frame in self._read(2):
            self._note(frame)
            yield self.masks.follow(untracked(frame), annotation=annotation, fps=self.source.fps)
            if frame.image is not None:
                annotation = None
        self._judge_end()


def segment_video(
    masks: MaskTracker,
    source: SourceLike,
    first_masks: np.ndarray | str | Path,
    *,
    strict: bool = False,
    fps: float | None = None,
) -> SegmentedVideo:
    """Follow objects whose masks are given in the first frame; see :class:`SegmentedVideo`."""
    return SegmentedVideo(masks, source, first_masks, strict=strict, fps=fps)


def untracked(frame: Frame) -> FrameResult:
    """Return the result of a frame in which nothing is tracked yet."""
    return FrameResult(
        index=frame.index,
        image=frame.image,
        pred_track_instances=instances_on_cpu(None, frame.number),
        time=frame.time,
        name=frame.name,
        fault=frame.fault,
        damage=frame.damage,
        number=frame.number,
        classes=('object',),
    )
