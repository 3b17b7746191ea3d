"""The networks of a tracker as modules of tensors alone: what is traced, and what is compared."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from mmdet.models import YOLOXHead
from torch import Tensor, nn

from ..errors import ExportError
from ..models.description import FrameDescription, FrameQualityScore
from ..models.detectors import ProposalDetector
from ..models.frames import FrameFeatures, Proposals
from ..models.query_tracking import MOTRv2
from ..models.query_tracking.queries import ProposalQueries, QueryInteraction, QuerySet
from ..models.query_tracking.transformer import DeformableDecoder, DeformableEncoder
from ..models.semantics import (
    DSWR,
    VSFM,
    CLIPBranch,
    FittedFrameQuality,
    FixedFusion,
    FrameQuality,
    ImageEncoder,
    LearnedScalarFusion,
    MOTAdapter,
    SemanticBranch,
    StudentEncoder,
)
from .image_feature import ImageFeature
from .tracing import GraphModule, drop_row, pad_row
from .whole_maps import turning_counts


def require_supported(model: nn.Module) -> MOTRv2:
    """Check that every part of a tracker can be exported.

    Raises:
        ExportError: One cannot; the message names it.
    """
    if not isinstance(model, MOTRv2):
        raise ExportError(
            f'{type(model).__name__} cannot be exported: MOTRv2 and what is built on it can'
        )
    _require(model, 'encoder', DeformableEncoder)
    _require(model, 'decoder', DeformableDecoder)
    _require(model, 'detection_queries', ProposalQueries)
    _require(model, 'propagation', QueryInteraction)
    if model.semantics is not None:
        _require(model, 'semantics', SemanticBranch)
        _require(model.semantics, 'source', StudentEncoder, CLIPBranch)
        # Of maps, a trace has another form than the modules: it is that of these classes.
        rows = (DSWR, FixedFusion, LearnedScalarFusion)
        fits = isinstance(cast(SemanticBranch, model.semantics).fusion, rows)
        _require(model.semantics, 'fusion', *rows, VSFM, exact=not fits)
        _require(model.semantics, 'adapter', MOTAdapter, type(None), exact=True)
        _require(
            model.semantics,
            'quality',
            FrameQuality,
            FittedFrameQuality,
            type(None),
            exact=True,
        )
    if model.detector is not None:
        _require(model, 'detector', ProposalDetector)
        require_supported_detector(cast(ProposalDetector, model.detector))
    return model


def require_supported_detector(detector: ProposalDetector) -> None:
    """Check that a detector can be exported.

    Raises:
        ExportError: It is not a YOLOX.
    """
    head = getattr(detector.detector, 'bbox_head', None)
    if not isinstance(head, YOLOXHead):
        raise ExportError(
            f'the detector {type(detector.detector).__name__} cannot be exported (only YOLOX): '
            'track with PyTorch, or from proposals in a file'
        )


def _require(owner: object, name: str, *classes: type, exact: bool = False) -> None:
    part = getattr(owner, name)
    fits = type(part) in classes if exact else isinstance(part, classes)
    if not fits:
        known = ', '.join('none' if one is type(None) else one.__name__ for one in classes)
        raise ExportError(
            f'{type(owner).__name__}.{name} is a {type(part).__name__}, which cannot be exported '
            f'(only {known}): track with PyTorch, or choose another part'
        )


def quality_of(model: MOTRv2) -> FrameQuality | None:
    """Return the part that rates frames, where there is one."""
    semantics = cast(SemanticBranch | None, model.semantics)
    return None if semantics is None else cast(FrameQuality | None, semantics.quality)


def image_encoder_of(model: MOTRv2) -> ImageEncoder | None:
    """Return the part that embeds whole frames, where there is one."""
    semantics = cast(SemanticBranch | None, model.semantics)
    source = None if semantics is None else semantics.source
    return source.encoder if isinstance(source, CLIPBranch) else None


class EncoderGraph(GraphModule):
    """All that needs no query: B frames of one size to tokens, detections, quality, embedding.

    Args:
        model: The tracker.
        size: (height, width) of the frames.

    Attributes:
        outputs: Names of what :meth:`forward` returns: ``tokens`` (B, S, C); with a detector on
            the tracker's maps ``boxes``, ``scores`` and ``labels`` as of :class:`DetectorGraph`;
            with a quality part ``quality`` (B, 4), its quality, clarity, noise, contrast; with
            a source that looks at the frame ``image_feature`` (B, D).
        feature_dims: Length D of the image feature; 0 where there is none.
    """

    inputs = ('frames',)

    def __init__(self, model: MOTRv2, size: tuple[int, int]) -> None:
        super().__init__()
        self.model = model
        self.encoder = cast(DeformableEncoder, model.encoder)
        self.head: YOLOXBoxes | None = None
        outputs = ['tokens']
        if model.detector is not None and model.detector.shares_maps:
            self.head = YOLOXBoxes(cast(ProposalDetector, model.detector).detector.bbox_head)
            outputs += ['boxes', 'scores', 'labels']
        self.quality = quality_of(model)
        if self.quality is not None:
            outputs.append('quality')
        self.feature: ImageFeature | None = None
        image_encoder = image_encoder_of(model)
        self.feature_dims = 0 if image_encoder is None else image_encoder.embed_dims
        if image_encoder is not None:
            self.feature = ImageFeature(image_encoder, size)
            outputs.append('image_feature')
        self.outputs = outputs

    def forward(self, frames: Tensor) -> tuple[Tensor, ...]:
        """Encode uint8 RGB frames (B, 3, h, w) as they come from the pipeline, not normalised."""
        levels, maps = self.model.levels(self.images(frames))
        results = [self.encoder.tokens(levels)[0]]
        if self.head is not None:
            results += self.head(tuple(maps or ()))
        if self.quality is not None:
            results.append(torch.stack(list(self.quality.score(frames).components().values()), 1))
        if self.feature is not None:
            results.append(self.feature(frames))
        return tuple(results)

    def images(self, frames: Tensor) -> Tensor:
        """Normalise and pad frames as the tracker's preprocessing does."""
        processor = self.model.data_preprocessor
        images = frames.float() if processor.channel_conversion else frames.float().flip(1)
        images = (images - processor.mean) / processor.std
        return pad_to_multiple(images, self.model.size_divisor)


class YOLOXBoxes(nn.Module):
    """The boxes of YOLOX before any is left out.

    Args:
        head: Of the detector.
    """

    def __init__(self, head: YOLOXHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, maps: tuple[Tensor, ...]) -> list[Tensor]:
        """Detect on maps (B, C, h, w).

        Returns:
            Boxes (x1, y1, x2, y2) in pixels (B, A, 4), their scores (B, A), classes (B, A) int64.
        """
        classes, boxes, objectness = (self._flat(levels) for levels in self.head(maps))
        priors = self.head.prior_generator.grid_priors(
            [level.shape[2:] for level in maps], device=boxes.device, with_stride=True
        )
        best, labels = classes.sigmoid().max(dim=-1)
        boxes = self.head._bbox_decode(torch.cat(priors), boxes)
        return [boxes, best * objectness[..., 0].sigmoid(), labels]

    @staticmethod
    def _flat(levels: list[Tensor]) -> Tensor:
        return torch.cat([level.permute(0, 2, 3, 1).flatten(1, 2) for level in levels], dim=1)


class DetectorGraph(GraphModule):
    """A YOLOX by itself: B frames to boxes, before the non-maximum suppression.

    Args:
        detector: Of the proposals.
    """

    inputs = ('frames',)
    outputs = ('boxes', 'scores', 'labels')

    def __init__(self, detector: ProposalDetector) -> None:
        super().__init__()
        self.detector = detector.detector
        self.boxes = YOLOXBoxes(self.detector.bbox_head)

    def forward(self, frames: Tensor) -> tuple[Tensor, ...]:
        """Detect on uint8 RGB frames (B, 3, h, w) of the detector's size."""
        processor = self.detector.data_preprocessor
        images = frames.float()
        if not processor._channel_conversion:
            images = images.flip(1)
        if processor._enable_normalize:
            images = (images - processor.mean) / processor.std
        images = pad_to_multiple(images, processor.pad_size_divisor, processor.pad_value)
        return tuple(self.boxes(self.detector.neck(self.detector.backbone(images))))


class QueriesGraph(GraphModule):
    """The queries that look for objects: learned ones, then one for each of P proposals.

    Args:
        model: The tracker.
    """

    inputs = ('proposal_boxes', 'proposal_scores')
    outputs = ('references', 'contents')

    def __init__(self, model: MOTRv2) -> None:
        super().__init__()
        self.queries = model.detection_queries

    def forward(self, boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
        """Make queries of normalised boxes (cx, cy, w, h) (P, 4) and scores (P,)."""
        queries = self.queries(Proposals(pad_row(boxes), pad_row(scores)))
        return drop_row(queries.reference_boxes), drop_row(queries.contents)


class StepGraph(GraphModule):
    """The semantic branch and the decoder on n queries of a frame.

    Args:
        model: The tracker.
        level_sizes: (height, width) of each level of the tokens.

    Attributes:
        inputs: Names of what :meth:`forward` takes.
        outputs: Names of what it returns: ``boxes`` (n, 4), ``logits`` (n, classes), ``states``
            (n, C), and ``weight``, 0-dim, where the fusion has one.
    """

    def __init__(self, model: MOTRv2, level_sizes: list[tuple[int, int]]) -> None:
        super().__init__()
        self.model = model
        self.level_sizes = level_sizes
        branch = cast(SemanticBranch | None, model.semantics)
        self.weighs = branch is not None and not isinstance(branch.fusion, VSFM)
        quality = ['quality'] if branch is not None and branch.fusion.needs_quality else []
        feature = [] if image_encoder_of(model) is None else ['image_feature']
        self.inputs = ['tokens', 'references', 'contents', *quality, *feature]
        self.outputs = ['boxes', 'logits', 'states', *(['weight'] if self.weighs else [])]
        self.turning_counts = [] if branch is None else turning_counts(branch)

    def forward(
        self, tokens: Tensor, references: Tensor, contents: Tensor, *described: Tensor
    ) -> tuple[Tensor, ...]:
        """Predict from a frame's tokens (S, C), its queries, and what the encoder described it by.

        That is its quality, 0-dim, and its image feature (1, D), as far as ``inputs`` has them.
        """
        known = dict(zip(self.inputs[3:], described))
        score = None
        if 'quality' in known:
            value = known['quality']
            score = FrameQualityScore(value, clarity=value, noise=value, contrast=value)
        output, _, semantic = self.model.decode(
            QuerySet.fresh(pad_row(references), pad_row(contents)),
            FrameFeatures(tokens, self.level_sizes),
            description=FrameDescription(quality=score, image_feature=known.get('image_feature')),
        )
        results = [drop_row(one) for one in (output.boxes[-1], output.logits[-1], output.states)]
        if semantic is not None and self.weighs:
            # An output that is a constant would not be one of the graph's.
            results.append(semantic.info['semantic_weight'] + 0 * output.states.sum())
        return tuple(results)


class HandoverGraph(GraphModule):
    """New contents and reference boxes of m tracks for the next frame.

    Args:
        model: The tracker.
    """

    inputs = ('references', 'contents', 'scores', 'states', 'boxes')
    outputs = ('next_references', 'next_contents')

    def __init__(self, model: MOTRv2) -> None:
        super().__init__()
        self.propagation = cast(QueryInteraction, model.propagation)

    def forward(
        self, references: Tensor, contents: Tensor, scores: Tensor, states: Tensor, boxes: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Update m tracks by what the step gave for them."""
        tracks = QuerySet.fresh(pad_row(references), pad_row(contents))
        tracks = self.propagation.update(
            tracks.replace(scores=pad_row(scores)), pad_row(states), pad_row(boxes)
        )
        return drop_row(tracks.reference_boxes), drop_row(tracks.contents)


def pad_to_multiple(images: Tensor, divisor: int, value: float = 0.0) -> Tensor:
    """Pad images (B, 3, h, w) on the right and at the bottom to a multiple of ``divisor``."""
    height, width = int(images.shape[-2]), int(images.shape[-1])
    bottom, right = -height % divisor, -width % divisor
    return F.pad(images, (0, right, 0, bottom), value=value) if bottom or right else images
