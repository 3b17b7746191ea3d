"""MOTRv2: the loop over frames, in training and at inference."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor

from ..clock import Clock
from ..description import FrameDescription, SemanticOutput
from ..frames import FrameBatch, FrameFeatures, FrameObjects, Proposals, frame_objects
from . import parts
from .frame_model import FrameModel
from .heads import Match
from .queries import FrameEvidence, QuerySet


class TrainingStep(NamedTuple):
    """A frame of a clip in training.

    Attributes:
        losses: By name, not yet divided by the number of objects.
        semantic: Output of the semantic branch, where there is one.
        matches: Of each decoder layer.
        tracks: The queries that go on to the next frame.
    """

    losses: dict[str, Tensor]
    semantic: SemanticOutput | None
    matches: list[Match]
    tracks: QuerySet


class FrameLosses(NamedTuple):
    """The losses of each frame of each clip, clip by clip.

    Attributes:
        tracking: By name, divided by the number of objects.
        distillation: Of the frames that have any.
    """

    tracking: list[dict[str, Tensor]]
    distillation: list[dict[str, Tensor]]


@dataclass
class VideoState:
    """What belongs to one of several videos that are tracked at the same time.

    Attributes:
        lifecycle: With the identities of the video.
        clock: Of the video.
        tracks: The tracks that go on to the next frame; None before the first.
    """

    lifecycle: parts.Lifecycle
    clock: Clock
    tracks: QuerySet | None = None

    def reset(self) -> None:
        """Begin another video."""
        self.lifecycle.reset()
        self.clock.reset()
        self.tracks = None


@MODELS.register_module()
class MOTRv2(FrameModel):
    """MOTRv2 (Zhang et al., CVPR 2023), and what VSE-MOT and VSD-MOT put into it.

    Frames are encoded as a batch (:meth:`encode`), then walked through one by one: the
    frame's queries are gathered, the semantic branch (if any) changes their contents, the
    decoder predicts, identities are settled, and the tracks become queries of the next frame.

    Parts and settings are the arguments of :class:`FrameModel`.

    Attributes:
        tracks: The tracks that go on to the next frame; None before the first.
        video: Folder of the images of the video that is tracked.
        runtime: What computes the networks at inference in place of PyTorch, if anything does.
        takes_proposals: As all attributes below, see :class:`vsd_mot.apis.Abilities`.
        encodes_windows: True.
        joins_cameras: True.
        needs_proposals: Whether there is no detector in the model.
    """

    tracks: QuerySet | None = None
    video: str | None = None
    runtime: parts.Networks | None = None
    takes_proposals = True
    encodes_windows = True
    joins_cameras = True

    @property
    def networks(self) -> parts.Networks:
        """What computes the networks at inference: the runtime, or the model itself."""
        return self if self.runtime is None else self.runtime

    @property
    def needs_proposals(self) -> bool:
        """Whether every frame must bring proposals, as there is no detector to make them."""
        return self.detector is None

    def reset(self) -> None:
        """Forget all tracks: the next frame begins a video."""
        self.tracks = None
        self.video = None
        self.lifecycle.reset()
        self.clock.reset()

    # Training

    def loss(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample]
    ) -> dict[str, Tensor]:
        """Losses of N clips of T frames.

        Args:
            inputs: What :class:`ClipDataPreprocessor` makes: ``img`` ``(N, T, 3, H, W)``.
            data_samples: One for each clip, with ``gt_instances`` and maybe ``proposals``.

        Returns:
            Losses by name, summed over frames and clips, divided by the number of objects.
        """
        tracking, distillation = self.frame_losses(inputs, data_samples)
        losses: dict[str, Tensor] = {}
        for frame in tracking:
            for name, value in frame.items():
                losses[name] = losses[name] + value if name in losses else value
        if self.semantics is not None:
            losses = self.semantics.total_loss(losses, distillation)
        return losses

    def frame_losses(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample]
    ) -> FrameLosses:
        """Compute the losses of each frame of each clip; arguments as :meth:`loss`.

        Raises:
            ValueError: The model was built without ``clip_loss``.
        """
        frames = FrameBatch.from_inputs(inputs, data_samples)
        features = self.encode(frames)
        descriptions = self.describe(frames)
        proposals = self.propose(frames, features, data_samples)
        objects = frame_objects(data_samples, frames)
        count = sum(len(of_frame) for of_frame in objects)
        divisor = self._training_loss().num_objects(count, frames.images.device)
        length = len(frames) // len(data_samples)
        losses = FrameLosses(tracking=[], distillation=[])
        for start in range(0, len(frames), length):
            clip = slice(start, start + length)
            steps = self.walk_clip(
                features[clip],
                descriptions=descriptions[clip],
                proposals=proposals[clip],
                objects=objects[clip],
            )
            for step in steps:
                losses.tracking.append({name: v / divisor for name, v in step.losses.items()})
                if step.semantic is not None and step.semantic.distill_losses:
                    losses.distillation.append(step.semantic.distill_losses)
        return losses

    def walk_clip(
        self,
        features: Sequence[FrameFeatures],
        *,
        descriptions: Sequence[FrameDescription | None],
        proposals: Sequence[Proposals],
        objects: Sequence[FrameObjects],
    ) -> Iterator[TrainingStep]:
        """Go through the T frames of a clip in training.

        Args:
            features: Of each frame.
            descriptions: Of each frame.
            proposals: Of each frame.
            objects: Of each frame.

        Yields:
            What comes of each frame.
        """
        clip_loss = self._training_loss()
        tracks = None
        for of_frame in zip(features, descriptions, proposals, objects):
            feature, description, proposal, ground_truth = of_frame
            queries = self.gather(proposal, tracks)
            output, denoised, semantic = self.decode(
                queries, feature, description=description, objects=ground_truth
            )
            loss = clip_loss(output, queries, ground_truth)
            if denoised is not None:
                loss.losses.update(clip_loss.denoising(denoised, ground_truth))
            tracks = self.propagation(loss.queries, output.states, output.boxes[-1])
            yield TrainingStep(loss.losses, semantic, loss.matches, tracks)

    def _training_loss(self) -> parts.TrackingLoss:
        if self.clip_loss is None:
            raise ValueError(
                'the model has no losses to be trained with: give its config a clip_loss, '
                "e.g. dict(type='ClipLoss', ...) as configs/_base_/models/motrv2_r50.py has it"
            )
        return self.clip_loss

    # Inference

    @torch.no_grad()
    def predict(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample], **kwargs: Any
    ) -> list[TrackDataSample]:
        """Track through N consecutive frames of one video, or of videos one after the other.

        A video begins where ``frame_id`` is 0 or the folder of ``img_path`` changes. A frame's
        ``frame_time`` in seconds is what a clock that counts seconds goes by.

        Args:
            inputs: What :class:`ClipDataPreprocessor` makes: ``img`` ``(N, 1, 3, H, W)``.
            data_samples: One for each frame.
            kwargs: Other trackers' options, not used here.

        Returns:
            The samples with ``pred_track_instances``: ``bboxes`` (x1, y1, x2, y2) in pixels of
            the original image, ``scores``, ``labels`` and ``instances_id``. With a semantic
            branch the metainfo ``semantics`` has its quality and semantic weight, as numbers.
        """
        frames = FrameBatch.from_inputs(inputs, data_samples)
        for sample, analysis in zip(data_samples, self.networks.analyse(frames, data_samples)):
            video = os.path.dirname(sample.img_path)
            if sample.frame_id == 0 or video != self.video:
                self.reset()
                self.video = video
            self._track_sample(sample, analysis)
        return list(data_samples)

    def new_state(self) -> VideoState:
        """Return the state of a video that begins, for :meth:`track_together`."""
        state = VideoState(copy.deepcopy(self.lifecycle), copy.deepcopy(self.clock))
        state.reset()
        return state

    @torch.no_grad()
    def track_together(
        self,
        inputs: dict[str, Tensor],
        data_samples: Sequence[TrackDataSample],
        states: Sequence[VideoState],
    ) -> list[TrackDataSample]:
        """Track through one more frame of each of N videos, which are encoded as one batch.

        Args:
            inputs: As of :meth:`predict`.
            data_samples: A frame of each video.
            states: Of the videos; they go on.

        Returns:
            As :meth:`predict`.
        """
        frames = FrameBatch.from_inputs(inputs, data_samples)
        analyses = self.networks.analyse(frames, data_samples)
        own = VideoState(self.lifecycle, self.clock, self.tracks)
        try:
            for sample, state, analysis in zip(data_samples, states, analyses):
                self.lifecycle, self.clock, self.tracks = state.lifecycle, state.clock, state.tracks
                self._track_sample(sample, analysis)
                state.tracks = self.tracks
        finally:
            self.lifecycle, self.clock, self.tracks = own.lifecycle, own.clock, own.tracks
        return list(data_samples)

    def _track_sample(self, sample: TrackDataSample, analysis: parts.FrameAnalysis) -> None:
        sample.pred_track_instances, info = self.track(
            sample.ori_shape[:2],
            analysis.features,
            description=analysis.description,
            proposals=analysis.proposals,
            elapsed=self.clock.elapsed(sample.get('frame_time')),
        )
        if info:
            sample.set_metainfo(dict(semantics=info))

    def track(
        self,
        ori_shape: tuple[int, int],
        features: FrameFeatures,
        *,
        description: FrameDescription | None,
        proposals: Proposals,
        elapsed: float = 1.0,
    ) -> tuple[InstanceData, dict[str, float]]:
        """Track through one more frame.

        Args:
            ori_shape: (height, width) of the original image; reported boxes are in its pixels.
            features: The encoded frame.
            description: Of the frame; only a semantic branch needs it.
            proposals: The frame's proposals.
            elapsed: Ticks of the clock since the frame before.

        Returns:
            The reported tracks, and quality and semantic weight of the frame, by name.
        """
        queries = self.gather(proposals, self.tracks)
        output, _, semantic = self.networks.decode(queries, features, description=description)
        scores, labels = output.logits[-1].sigmoid().max(dim=-1)
        info = {} if semantic is None else {k: float(v) for k, v in semantic.info.items()}
        settled = self.lifecycle.settle(
            FrameEvidence(
                queries.replace(scores=scores),
                output.boxes[-1],
                proposals,
                ori_shape,
                quality=info.get('quality'),
                elapsed=elapsed,
            )
        )
        self.tracks = self.networks.hand_on(settled.queries, output.states, settled.boxes)
        chosen = settled.reported
        height, width = ori_shape
        boxes = bbox_cxcywh_to_xyxy(settled.boxes[chosen])
        instances = InstanceData(
            bboxes=boxes * boxes.new_tensor([width, height, width, height]),
            scores=settled.scores[chosen],
            labels=labels[chosen],
            instances_id=settled.queries.track_ids[chosen],
        )
        return instances, info
