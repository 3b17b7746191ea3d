"""HQTrack: masks for what is tracked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.structures import InstanceData
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor

from .clip_training import MaskClipLoss, MaskClips, training_progress
from .frame_masks import FrameMasks, of_objects, of_tracks, without
from .frame_size import network_size, resize_picture, size_of
from .memory import MemorySettings
from .object_sources import FrameFacts, ObjectSource, ellipses
from .quality_veto import QualityVeto, Verdict
from .refiners import MaskRefinement
from .video_segmenter import VideoSegmenter
from .vmos import VMOS


@MODELS.register_module()
class HQTrack(BaseMultiObjectTracker):
    """HQTrack (Zhu et al., arXiv 2307.13974): segment annotated or tracked objects in every frame.

    VMOS carries a label map from frame to frame; a refiner, if any, redraws each object for
    showing. Objects come from annotated masks, or from a multi-object tracker, whose new identities
    become masks and which decides how long they are followed.

    It is weak where objects are small against the network's picture (1/4 of it is the finest
    scale), and where the first masks are wrong: nothing corrects them.

    Args:
        vmos: Config of the network (:class:`VMOS`).
        memory: Settings of the memory (:class:`MemorySettings`).
        max_objects_per_group: Objects that share a label map; see :class:`VideoSegmenter`. Raising
            it follows a crowd in fewer passes, and lets more objects compete for a pixel.
        objects: Config of where objects come from: ``AnnotatedMasks`` or ``TrackedBoxes``.
        tracker: Config of a multi-object tracker whose boxes are followed, or None. It sees the
            same inputs.
        refinement: Config of what redraws masks (:class:`MaskRefinement`), or None.
        short_edge: Pictures with a smaller shorter edge are enlarged to this. 240 with a
            ``long_edge`` of 433 is seven times faster.
        long_edge: Larger pictures are shrunk to this.
        quality: Config of a measure of a frame's quality (:class:`FrameQuality`), for ``veto``.
        veto: Config of what keeps bad frames out of the memory (:class:`QualityVeto`), or None.
        fps: Frame rate of videos without one of their own, for memories in seconds.
        clip_loss: Config of the training loss (:class:`MaskClipLoss`); only training needs it.
        data_preprocessor: Config of the data preprocessor (:class:`ClipDataPreprocessor`).
        init_cfg: mmengine initialisation.
    """

    vmos: VMOS
    objects: ObjectSource
    refinement: MaskRefinement | None
    veto: QualityVeto | None
    clip_loss: MaskClipLoss | None

    def __init__(
        self,
        *,
        vmos: dict,
        memory: dict | None = None,
        max_objects_per_group: int = 10,
        objects: dict | None = None,
        tracker: dict | None = None,
        refinement: dict | None = None,
        short_edge: int = 480,
        long_edge: int = 1040,
        quality: dict | None = None,
        veto: dict | None = None,
        fps: float | None = None,
        clip_loss: dict | None = None,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        preprocessor = data_preprocessor or dict(type='ClipDataPreprocessor', pad_size_divisor=1)
        super().__init__(preprocessor, init_cfg)

        def build(config: dict | None):
            return None if config is None else MODELS.build(config)

        self.vmos = build(vmos)
        self.settings = MemorySettings(**(memory or {}))
        self.max_objects_per_group = max_objects_per_group
        self.objects = build(objects or dict(type='TrackedBoxes' if tracker else 'AnnotatedMasks'))
        self.box_tracker = build(tracker)
        self.refinement = build(refinement)
        self.short_edge, self.long_edge = short_edge, long_edge
        self.veto = build(veto)
        self.quality = build(quality or (dict(type='FrameQuality') if veto else None))
        self.fps = fps
        self.clip_loss = build(clip_loss)
        self.reset()

    def reset(self) -> None:
        """Forget all objects: the next frame begins a video."""
        self.segmenter: VideoSegmenter | None = None
        self.size: tuple[int, int] | None = None
        self.video: str | None = None
        self.number = -1
        self.objects.reset()
        if self.veto is not None:
            self.veto.reset()

    # Training

    def loss(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample]
    ) -> dict[str, Tensor]:
        """Losses of B clips of T frames; see :class:`MaskClipLoss`.

        Args:
            inputs: ``img`` ``(B, T, 3, H, W)``.
            data_samples: One for each clip, with ``label_maps`` and ``num_objects``.

        Raises:
            ValueError: The model has no ``clip_loss``.
        """
        if self.clip_loss is None:
            raise ValueError('HQTrack has no clip_loss: give its config to train it')
        labels = torch.stack([sample.label_maps for sample in data_samples])
        clips = MaskClips(inputs['img'], labels, [one.num_objects for one in data_samples])
        return self.clip_loss(self.vmos, clips, training_progress())

    # Inference

    @torch.no_grad()
    def predict(
        self, inputs: dict[str, Tensor], data_samples: list[TrackDataSample], **kwargs: Any
    ) -> list[TrackDataSample]:
        """Follow objects through consecutive frames of a video, or of one after the other.

        A video begins where ``frame_id`` is 0.

        Args:
            inputs: What :class:`ClipDataPreprocessor` makes, of clips of one frame.
            data_samples: One for each frame; ``annotation`` is a label map of new objects.
            kwargs: Other trackers' options, not used here.

        Returns:
            The samples with ``pred_track_instances``: ``bboxes`` (x1, y1, x2, y2) in pixels of
            the original picture, ``scores``, ``labels``, ``instances_id`` and ``masks``
            ``(n, H, W)`` bool.
        """
        if self.box_tracker is not None:
            data_samples = self.box_tracker.predict(inputs, data_samples, **kwargs)
        for index, sample in enumerate(data_samples):
            if sample.frame_id == 0:
                self.reset()
            height, width = sample.img_shape[:2]
            picture = inputs['raw'][index, 0, :, :height, :width]
            size = tuple(sample.ori_shape[:2])
            if size != (height, width):
                smaller = picture.permute(1, 2, 0).cpu().numpy()
                picture = torch.from_numpy(resize_picture(smaller, size)).permute(2, 0, 1)
            sample.pred_track_instances = self.follow(
                picture,
                annotation=sample.get('annotation'),
                tracks=None if self.box_tracker is None else sample.pred_track_instances,
                fps=sample.get('fps'),
            )
        return data_samples

    @torch.no_grad()
    def follow(
        self,
        picture: Tensor,
        *,
        annotation: Tensor | None = None,
        tracks: InstanceData | None = None,
        fps: float | None = None,
    ) -> InstanceData:
        """Follow the objects through the next frame of a video.

        Args:
            picture: ``(3, H, W)`` uint8 RGB, as large as it is.
            annotation: ``(H, W)`` identities of objects that begin here, at their masks.
            tracks: What a box tracker reports of the frame.
            fps: Frames per second of the video; it counts in the first frame.

        Returns:
            The objects of the frame; see :meth:`predict`. With tracks, these with their masks.

        Raises:
            ValueError: The picture has another size than the first one of the video.
        """
        size = size_of(picture)
        segmenter = self.segmenter or self._begin(size, fps)
        if size != self.size:
            raise ValueError(
                f'frame {self.number + 1} is {size}, the frames before it are {self.size} (height, '
                'width): the size must not change within a video. Call reset() for another video'
            )
        self.number += 1
        predicted = segmenter.segment(self.prepare(picture), size)
        facts = FrameFacts(
            self.number, size, annotation, tracks, lambda boxes: self.masks_of_boxes(picture, boxes)
        )
        changes = self.objects.changes(facts, predicted.identities)
        if changes.removed:
            segmenter.close(changes.removed)
            predicted = without(predicted, changes.removed)
        verdict = self.judge(picture)
        predicted = segmenter.remember(
            predicted, changes.new_masks, long=verdict.long, short=verdict.short
        )
        output = self.refined(picture, predicted)
        return of_tracks(output, tracks) if tracks is not None else of_objects(output)

    def _begin(self, size: tuple[int, int], fps: float | None) -> VideoSegmenter:
        settings = self.settings.at_rate(fps or self.fps)
        self.segmenter = VideoSegmenter(self.vmos, settings, self.max_objects_per_group)
        self.size = size
        return self.segmenter

    def prepare(self, picture: Tensor) -> Tensor:
        """Return the network's input ``(3, h, w)`` of a picture ``(3, H, W)`` uint8 RGB."""
        size = network_size(*size_of(picture), short_edge=self.short_edge, long_edge=self.long_edge)
        resized = resize_picture(picture.permute(1, 2, 0).cpu().numpy(), size)
        image = torch.from_numpy(resized).to(self.device).permute(2, 0, 1).float()
        preprocessor = self.data_preprocessor
        return (image - preprocessor.mean.view(3, 1, 1)) / preprocessor.std.view(3, 1, 1)

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.vmos.parameters()).device

    def masks_of_boxes(self, picture: Tensor, boxes: Tensor) -> Tensor:
        """Masks ``(n, H, W)`` bool of what is in boxes: the refiner's, or ellipses."""
        if self.refinement is None:
            return ellipses(boxes, size_of(picture))
        return self.refinement.masks(picture, boxes)

    def judge(self, picture: Tensor) -> Verdict:
        """Whether the frame may be remembered."""
        if self.veto is None:
            return Verdict()
        return self.veto(float(self.quality.score(picture[None]).quality))

    def refined(self, picture: Tensor, predicted: FrameMasks) -> FrameMasks:
        """Return the masks of the result, redrawn where a refiner is due."""
        if self.refinement is None or self.number % self.refinement.every:
            return predicted
        labels = self.refinement(picture, predicted.labels)
        return FrameMasks(labels, predicted.identities, predicted.scores)

    def _forward(self, inputs: dict[str, Tensor], data_samples=None, **kwargs: Any) -> tuple:
        """Return encoded maps of the frames (mode ``tensor``)."""
        features = self.vmos.encode(inputs['img'].flatten(0, 1))
        return features.coarse, features.fine, features.finest
