"""MOTRv2: the loop over frames."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_xyxy_to_cxcywh
from mmengine.structures import InstanceData
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor, nn

from ..frames import FrameBatch, FrameFeatures, FrameObjects
from .heads.clip_loss import Match
from .queries import Proposals, QuerySet
from .transformer import DecoderOutput


@MODELS.register_module()
class MOTRv2(BaseMultiObjectTracker):
    """MOTRv2 (Zhang et al., CVPR 2023), and what VSE-MOT and VSD-MOT put into it.

    Frames are encoded as a batch (:meth:`encode`), then walked through one by one: the
    frame's queries are gathered, the semantic branch (if any) changes their contents, the
    decoder answers, identities are settled, and the tracks become queries of the next frame.

    Padding is cut off before the backbone, so it changes nothing.

    Args:
        backbone: Config of the backbone.
        neck: Config of the projection to the encoder's width and levels.
        encoder: Config of the encoder.
        detection_queries: Config of what makes a frame's detection queries.
        decoder: Config of the decoder.
        head: Config of class and box branches.
        propagation: Config of what hands tracks on to the next frame.
        lifecycle: Config of birth and death at inference.
        clip_loss: Config of the losses; only training needs it.
        denoising: Config of query denoising in training, or None.
        semantics: Config of the semantic branch (:class:`SemanticBranch`), or None.
        detector: Config of a detector that makes proposals in the loop
            (:class:`ProposalDetector`), used where a sample brings none.
        size_divisor: Frames are cut to a multiple of it instead of their size, for backbones
            and necks that need one, such as YOLOX's 32.
        frozen: Names of parts that training leaves as they are: no gradient, evaluation mode.
        encode_batch: How many frames at most go through the encoder at once; None: all of a
            clip or window.
        data_preprocessor: Config of the data preprocessor.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        backbone: dict,
        neck: dict,
        encoder: dict,
        detection_queries: dict,
        decoder: dict,
        head: dict,
        propagation: dict,
        lifecycle: dict,
        clip_loss: dict | None = None,
        denoising: dict | None = None,
        semantics: dict | None = None,
        detector: dict | None = None,
        size_divisor: int = 1,
        frozen: Sequence[str] = (),
        encode_batch: int | None = None,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(data_preprocessor, init_cfg)

        def build(config: dict | None) -> nn.Module | None:
            return None if config is None else MODELS.build(config)

        self.backbone = build(backbone)
        self.neck = build(neck)
        self.encoder = build(encoder)
        self.detection_queries = build(detection_queries)
        self.decoder = build(decoder)
        self.head = build(head)
        self.propagation = build(propagation)
        self.lifecycle = build(lifecycle)
        self.clip_loss = build(clip_loss)
        self.denoising = build(denoising)
        self.semantics = build(semantics)
        self.detector = build(detector)
        self.size_divisor = size_divisor
        self.encode_batch = encode_batch
        self.frozen = tuple(frozen)
        for name in self.frozen:
            self.get_submodule(name).requires_grad_(False)
        self.reset()

    def train(self, mode: bool = True) -> 'MOTRv2':
        """Set the mode of all parts but the frozen ones."""
        super().train(mode)
        for name in self.frozen:
            self.get_submodule(name).eval()
        return self

    def reset(self) -> None:
        """Forget all tracks: the next frame begins a video."""
        self.tracks: QuerySet | None = None
        self.video: str | None = None
        self.lifecycle.reset()

    # What runs on a batch of frames

    def extract(self, images: Tensor) -> list[FrameFeatures]:
        """Backbone, neck and encoder on images of one size without padding, ``(B, 3, h, w)``."""
        return self.encoder(self.neck(self.backbone(images)))

    def encode(self, frames: FrameBatch) -> list[FrameFeatures]:
        """Encode B frames, those of one size together.

        Args:
            frames: The frames.

        Returns:
            The features of each frame.
        """
        by_size = defaultdict(list)
        for index, size in enumerate(frames.sizes):
            by_size[size].append(index)
        features: list[FrameFeatures | None] = [None] * len(frames)
        for (height, width), indices in by_size.items():
            step = self.encode_batch or len(indices)
            for start in range(0, len(indices), step):
                chunk = indices[start : start + step]
                encoded = self.extract(self.cut(frames.images[chunk], height, width))
                for index, feature in zip(chunk, encoded):
                    features[index] = feature
        return features

    def cut(self, images: Tensor, height: int, width: int) -> Tensor:
        """Cut padding off ``(B, 3, H, W)``, down to a multiple of ``size_divisor``."""
        height = -(-height // self.size_divisor) * self.size_divisor
        width = -(-width // self.size_divisor) * self.size_divisor
        images = images[..., :height, :width]
        bottom, right = height - images.shape[-2], width - images.shape[-1]
        return nn.functional.pad(images, (0, right, 0, bottom)) if bottom or right else images

    def describe(self, frames: FrameBatch) -> list:
        """Return what the semantic branch knows of each frame; None for each without a branch."""
        return [None] * len(frames) if self.semantics is None else self.semantics.describe(frames)

    def propose(
        self, frames: FrameBatch, data_samples: Sequence[TrackDataSample]
    ) -> list[Proposals]:
        """Return the proposals of each frame: those the samples bring, else the detector's.

        Raises:
            ValueError: A sample has no proposals and there is no detector.
        """
        if all('proposals' in sample for sample in data_samples):
            return [
                Proposals(boxes, found.scores)
                for found, boxes in instances_by_frame(data_samples, 'proposals', frames)
            ]
        if self.detector is None:
            raise ValueError(
                f'{data_samples[0].img_path}: no proposals and no detector. Give the data '
                'set a proposal_file, or the model detector=dict(type="ProposalDetector", ...)'
            )
        return [Proposals(boxes, scores) for boxes, scores in self.detector(frames)]

    # What runs on a frame

    def decode(
        self,
        queries: QuerySet,
        features: FrameFeatures,
        description: object | None,
        objects: FrameObjects | None = None,
    ) -> tuple[DecoderOutput, DecoderOutput | None, object | None]:
        """Let the semantic branch and the decoder answer for a frame's n queries.

        Args:
            queries: All queries of the frame.
            features: The encoded frame.
            description: What the semantic branch knows of the frame.
            objects: The frame's ground truth; with it, and in training, denoising queries go
                along.

        Returns:
            Predictions for the queries, predictions for the denoising queries or None, and
            the :class:`SemanticOutput` or None.
        """
        contents, references = queries.contents, queries.reference_boxes
        semantic = None
        if self.semantics is not None:
            semantic = self.semantics(contents, description)
            contents = semantic.contents
        mask = None
        denoise = self.denoising is not None and self.training and objects is not None
        if denoise:
            noisy_boxes, noisy_contents = self.denoising(objects.boxes)
            contents = torch.cat((contents, noisy_contents.to(contents.dtype)))
            references = torch.cat((references, noisy_boxes))
            mask = self.denoising.attention_mask(len(queries), len(objects), contents.device)
        output = self.decoder(
            contents, references, features, self.head, mask, inner_classes=self.training
        )
        count = len(queries)
        noisy = output[count:] if denoise else None
        return output[:count], noisy, semantic

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
        per_frame, distilled = self.frame_losses(inputs, data_samples)
        losses: dict[str, Tensor] = defaultdict(float)
        for frame in per_frame:
            for name, value in frame.items():
                losses[name] = losses[name] + value
        if self.semantics is not None:
            losses = self.semantics.total_loss(dict(losses), distilled)
        return dict(losses)

    def frame_losses(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample]
    ) -> tuple[list[dict[str, Tensor]], list[dict[str, Tensor]]]:
        """Return the losses of each frame of each clip, divided by the number of objects.

        Args:
            inputs: As :meth:`loss`.
            data_samples: As :meth:`loss`.

        Returns:
            The tracking losses and the distillation losses, a dictionary for each frame, clip
            by clip.
        """
        frames = FrameBatch.from_inputs(inputs, data_samples)
        features = self.encode(frames)
        descriptions = self.describe(frames)
        proposals = self.propose(frames, data_samples)
        objects = frame_objects(data_samples, frames)
        count = sum(len(present) for present in objects)
        divisor = self.clip_loss.num_objects(count, frames.images.device)
        length = len(frames) // len(data_samples)
        tracking, distilled = [], []
        for start in range(0, len(frames), length):
            clip = slice(start, start + length)
            for losses, semantic, *_ in self.walk_clip(
                features[clip], descriptions[clip], proposals[clip], objects[clip]
            ):
                tracking.append({name: value / divisor for name, value in losses.items()})
                if semantic is not None and semantic.distill_losses:
                    distilled.append(semantic.distill_losses)
        return tracking, distilled

    def walk_clip(
        self,
        features: Sequence[FrameFeatures],
        descriptions: Sequence[object],
        proposals: Sequence[Proposals],
        objects: Sequence[FrameObjects],
    ) -> Iterator[tuple[dict[str, Tensor], object, list[Match], QuerySet]]:
        """Go through the T frames of a clip in training.

        Args:
            features: Of each frame.
            descriptions: Of each frame.
            proposals: Of each frame.
            objects: Of each frame.

        Yields:
            For each frame its un-normalised losses, the semantic output, the match of each
            decoder layer, and the tracks that go on to the next frame.
        """
        tracks = None
        for feature, description, proposal, present in zip(
            features, descriptions, proposals, objects
        ):
            queries = self.gather(proposal, tracks)
            output, noisy, semantic = self.decode(queries, feature, description, present)
            losses, queries, matches = self.clip_loss(output, queries, present)
            if noisy is not None:
                losses.update(self.clip_loss.denoising(noisy, present))
            tracks = self.propagation(queries, output.states, output.boxes[-1])
            yield losses, semantic, matches, tracks

    def gather(self, proposals: Proposals, tracks: QuerySet | None) -> QuerySet:
        """All queries of a frame: learned ones, proposals, tracks, in this order."""
        fresh = self.detection_queries(proposals)
        return fresh if tracks is None else QuerySet.cat((fresh, tracks))

    # Inference

    @torch.no_grad()
    def predict(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample], **kwargs
    ) -> list[TrackDataSample]:
        """Track through N consecutive frames of one video, or of videos one after the other.

        A video begins where ``frame_id`` is 0 or the folder of ``img_path`` changes.

        Args:
            inputs: What :class:`ClipDataPreprocessor` makes: ``img`` ``(N, 1, 3, H, W)``.
            data_samples: One for each frame.
            kwargs: Other trackers' options, not used here.

        Returns:
            The samples with ``pred_track_instances``: ``bboxes`` (x1, y1, x2, y2) in pixels of
            the original image, ``scores``, ``labels`` and ``instances_id``. With a semantic
            branch the metainfo ``semantics`` has what it saw of the frame, as numbers.
        """
        frames = FrameBatch.from_inputs(inputs, data_samples)
        features = self.encode(frames)
        descriptions = self.describe(frames)
        proposals = self.propose(frames, data_samples)
        for sample, *frame in zip(data_samples, features, descriptions, proposals):
            video = os.path.dirname(sample.img_path)
            if sample.frame_id == 0 or video != self.video:
                self.reset()
                self.video = video
            sample.pred_track_instances, seen = self.track(sample.ori_shape[:2], *frame)
            if seen:
                sample.set_metainfo(dict(semantics=seen))
        return data_samples

    def track(
        self,
        ori_shape: tuple[int, int],
        features: FrameFeatures,
        description: object,
        proposals: Proposals,
    ) -> tuple[InstanceData, dict[str, float]]:
        """Track through one more frame.

        Args:
            ori_shape: (height, width) of the original image; reported boxes are in its pixels.
            features: The encoded frame.
            description: What the semantic branch knows of the frame.
            proposals: The frame's proposals.

        Returns:
            The reported tracks, and what the semantic branch saw.
        """
        queries = self.gather(proposals, self.tracks)
        output, _, semantic = self.decode(queries, features, description)
        scores, labels = output.logits[-1].sigmoid().max(dim=-1)
        height, width = ori_shape
        boxes = bbox_cxcywh_to_xyxy(output.boxes[-1])
        queries = self.lifecycle(queries.replace(scores=scores), boxes)
        boxes = boxes * boxes.new_tensor([width, height, width, height])
        self.tracks = self.propagation(queries, output.states, output.boxes[-1])
        chosen = self.lifecycle.reported(queries, boxes)
        instances = InstanceData(
            bboxes=boxes[chosen],
            scores=scores[chosen],
            labels=labels[chosen],
            instances_id=queries.track_ids[chosen],
        )
        seen = {} if semantic is None else {k: float(v) for k, v in semantic.info.items()}
        return instances, seen

    def _forward(self, inputs: dict[str, Tensor], data_samples=None, **kwargs) -> tuple:
        """Return encoded tokens of each frame (mode ``tensor``)."""
        features = self.encode(FrameBatch.from_inputs(inputs, data_samples))
        return tuple(feature.memory for feature in features)


def instances_by_frame(
    data_samples: Sequence[TrackDataSample], field: str, frames: FrameBatch
) -> Iterator[tuple[InstanceData, Tensor]]:
    """Split the instances of N clips into those of each frame.

    Args:
        data_samples: One for each clip; the field's ``img_idx`` tells an instance's frame.
        field: ``gt_instances`` or ``proposals``.
        frames: The N * T frames.

    Yields:
        For each frame, clip by clip, its instances, and their boxes normalised by the frame's
        size without padding, (cx, cy, w, h).
    """
    length = len(frames) // len(data_samples)
    for clip, sample in enumerate(data_samples):
        instances = sample.get(field)
        for index in range(length):
            found = instances[instances.img_idx == index]
            height, width = frames.sizes[clip * length + index]
            scale = found.bboxes.new_tensor([width, height, width, height])
            yield found, bbox_xyxy_to_cxcywh(found.bboxes / scale)


def frame_objects(
    data_samples: Sequence[TrackDataSample], frames: FrameBatch
) -> list[FrameObjects]:
    """Return the ground truth (:class:`FrameObjects`) of each frame of N clips."""
    return [
        FrameObjects(boxes, found.labels, found.instances_id)
        for found, boxes in instances_by_frame(data_samples, 'gt_instances', frames)
    ]
