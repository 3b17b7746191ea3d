"""The parts of MOTRv2, and what they do with frames and with the queries of a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor, nn

from ..clock import Clock
from ..description import FrameDescription
from ..frames import (
    FrameBatch,
    FrameFeatures,
    FrameObjects,
    Proposals,
    cut_padding,
    instances_by_frame,
    take,
)
from . import parts
from .parts import FrameAnalysis, Predictions
from .queries import QuerySet
from .transformer import PredictionHead


def brought_proposals(
    frames: FrameBatch, data_samples: Sequence[TrackDataSample]
) -> list[Proposals] | None:
    """Return the proposals of each frame that the samples bring; None where one brings none."""
    if not all('proposals' in sample for sample in data_samples):
        return None
    return [
        Proposals(boxes, proposals.scores)
        for proposals, boxes in instances_by_frame(data_samples, 'proposals', frames)
    ]


class FrameModel(BaseMultiObjectTracker):
    """What :class:`MOTRv2` is made of: all that happens within a frame.

    :mod:`.parts` says what each part must offer. Padding is cut off before the backbone, so it
    does not change the result.

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
            (:class:`ProposalDetector`, or :class:`SharedDetector` on this backbone and neck), used
            where a sample brings none.
        clock: Arguments of :class:`Clock`: whether lifecycle and motion count frames, as
            published and by default, or seconds.
        size_divisor: Frames are cut to a multiple of it instead of their size, for backbones and
            necks that need one, such as YOLOX's 32. Raising it pads more.
        frozen: Names of parts that training leaves as they are: no gradient, evaluation mode.
        encode_batch: How many frames at most go through the encoder at once; more take more
            memory and keep a GPU busier. None: all of a clip or window.
        data_preprocessor: Config of the data preprocessor.
        init_cfg: mmengine initialisation.
    """

    def __init__(
        self,
        *,
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
        clock: dict | None = None,
        size_divisor: int = 1,
        frozen: Sequence[str] = (),
        encode_batch: int | None = None,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(data_preprocessor, init_cfg)
        self.backbone: nn.Module = MODELS.build(backbone)
        self.neck: nn.Module = MODELS.build(neck)
        self.encoder: nn.Module = MODELS.build(encoder)
        self.detection_queries: parts.DetectionQueries = MODELS.build(detection_queries)
        self.decoder: parts.Decoder = MODELS.build(decoder)
        self.head: PredictionHead = MODELS.build(head)
        self.propagation: parts.Propagation = MODELS.build(propagation)
        self.lifecycle: parts.Lifecycle = MODELS.build(lifecycle)
        self.clip_loss: parts.TrackingLoss | None = None
        if clip_loss is not None:
            self.clip_loss = MODELS.build(clip_loss)
        self.denoising: parts.Denoising | None = None
        if denoising is not None:
            self.denoising = MODELS.build(denoising)
        self.semantics: parts.SemanticPart | None = None
        if semantics is not None:
            self.semantics = MODELS.build(semantics)
        self.detector: parts.ProposalMaker | None = None
        if detector is not None:
            self.detector = MODELS.build(detector)
        self.clock = Clock(**(clock or {}))
        self.size_divisor = size_divisor
        self.encode_batch = encode_batch
        self.frozen = tuple(frozen)
        for name in self.frozen:
            self.get_submodule(name).requires_grad_(False)

    def train(self, mode: bool = True) -> FrameModel:
        """Set the mode of all parts but the frozen ones."""
        super().train(mode)
        for name in self.frozen:
            self.get_submodule(name).eval()
        return self

    # What runs on a batch of frames

    def extract(self, images: Tensor) -> list[FrameFeatures]:
        """Run backbone, neck and encoder on unpadded images of one size, ``(B, 3, h, w)``."""
        levels, maps = self.levels(images)
        features = self.encoder(levels)
        for index, of_frame in enumerate(features if maps is not None else ()):
            of_frame.maps = tuple(level[index] for level in maps or ())
        return features

    def levels(self, images: Tensor) -> tuple[Sequence[Tensor], Sequence[Tensor] | None]:
        """Run backbone and neck on images as of :meth:`extract`.

        Returns:
            A map ``(B, C, h, w)`` for each level, finest first; and those of the first neck, where
            a detector shares them.
        """
        if self.detector is None or not self.detector.shares_maps:
            return self.neck(self.backbone(images)), None
        first, *others = self.neck if isinstance(self.neck, nn.Sequential) else [self.neck]
        levels = maps = first(self.backbone(images))
        for stage in others:
            levels = stage(levels)
        return levels, maps

    def encode(
        self,
        frames: FrameBatch,
        extract: Callable[[Tensor], list[FrameFeatures]] | None = None,
    ) -> list[FrameFeatures]:
        """Encode B frames, those of one size together.

        Args:
            frames: The frames.
            extract: What computes :meth:`extract` in its place.

        Returns:
            The features of each frame.
        """
        extract = extract or self.extract

        def encode_size(indices: list[int], size: tuple[int, int]) -> list[FrameFeatures]:
            height, width = size
            images = take(frames.images, indices)
            return extract(cut_padding(images, height, width, divisor=self.size_divisor))

        return frames.map_by_size(encode_size, limit=self.encode_batch)

    def describe(self, frames: FrameBatch) -> list[FrameDescription]:
        """Describe each frame by the semantic branch; without one the descriptions are empty."""
        if self.semantics is None:
            return [FrameDescription() for _ in frames.sizes]
        return self.semantics.describe(frames)

    def propose(
        self,
        frames: FrameBatch,
        features: Sequence[FrameFeatures],
        data_samples: Sequence[TrackDataSample],
    ) -> list[Proposals]:
        """Return the proposals of each frame: those the samples bring, else the detector's.

        Raises:
            ValueError: A sample has no proposals and there is no detector.
        """
        brought = brought_proposals(frames, data_samples)
        if brought is not None:
            return brought
        if self.detector is None:
            raise ValueError(
                f'{data_samples[0].img_path}: no proposals and no detector. Give the data '
                'set a proposal_file, or the model detector=dict(type="ProposalDetector", ...)'
            )
        return self.detector(frames, features)

    def analyse(
        self, frames: FrameBatch, data_samples: Sequence[TrackDataSample]
    ) -> list[FrameAnalysis]:
        """Do all that needs no query, on B frames; see :class:`parts.Networks`."""
        features = self.encode(frames)
        descriptions = self.describe(frames)
        proposals = self.propose(frames, features, data_samples)
        return list(map(FrameAnalysis, features, descriptions, proposals))

    # What runs on a frame

    def decode(
        self,
        queries: QuerySet,
        features: FrameFeatures,
        *,
        description: FrameDescription | None,
        objects: FrameObjects | None = None,
    ) -> Predictions:
        """Let the semantic branch and the decoder predict for a frame's n queries.

        Args:
            queries: All queries of the frame.
            features: The encoded frame.
            description: Of the frame; only a semantic branch needs it.
            objects: The frame's ground truth; with it, and in training, denoising queries go
                along.

        Returns:
            Predictions for the queries and for the denoising queries, and what the semantic
            branch made of them.
        """
        contents, references = queries.contents, queries.reference_boxes
        semantic = None
        if self.semantics is not None:
            semantic = self.semantics(contents, description or FrameDescription())
            contents = semantic.contents
        mask = None
        if self.denoising is not None and self.training and objects is not None:
            jittered_boxes, jittered_contents = self.denoising(objects.boxes)
            contents = torch.cat((contents, jittered_contents.to(contents.dtype)))
            references = torch.cat((references, jittered_boxes))
            mask = self.denoising.attention_mask(len(queries), len(objects), contents.device)
        output = self.decoder(
            contents,
            references,
            features=features,
            head=self.head,
            attn_mask=mask,
            inner_classes=self.training,
        )
        if mask is None:
            return Predictions(output, None, semantic)
        count = len(queries)
        return Predictions(output[:count], output[count:], semantic)

    def hand_on(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Make the tracks' queries for the next frame; see :class:`parts.Networks`."""
        return self.propagation(queries, states, boxes)

    def gather(self, proposals: Proposals, tracks: QuerySet | None) -> QuerySet:
        """Gather all queries of a frame: learned ones, proposals, tracks, in this order."""
        fresh = self.detection_queries(proposals)
        return fresh if tracks is None else QuerySet.cat((fresh, tracks))

    def _forward(
        self, inputs: dict[str, Tensor], data_samples: Sequence[TrackDataSample], **kwargs
    ) -> tuple[Tensor, ...]:
        """Return encoded tokens of each frame (mode ``tensor``)."""
        features = self.encode(FrameBatch.from_inputs(inputs, data_samples))
        return tuple(feature.memory for feature in features)
