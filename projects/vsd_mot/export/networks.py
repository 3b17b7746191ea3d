"""The networks of a tracker, computed by exported graphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.structures import TrackDataSample
from torch import Tensor

from ..errors import ExportError
from ..models.description import FrameDescription, FrameQualityScore, SemanticOutput
from ..models.detectors import ProposalDetector
from ..models.frames import FrameBatch, FrameFeatures, Proposals, cut_padding, take
from ..models.query_tracking import MOTRv2
from ..models.query_tracking.frame_model import brought_proposals
from ..models.query_tracking.parts import FrameAnalysis, Predictions
from ..models.query_tracking.queries import QuerySet
from ..models.query_tracking.transformer import DecoderOutput
from ..models.semantics import SemanticBranch
from .manifest import Manifest, digest_of
from .runtimes import Arrays, Graph, Runtime

QUALITY_NAMES = ('quality', 'clarity', 'noise', 'contrast')


class GraphSet:
    """The graphs of one frame size, loaded.

    Args:
        folder: With the graphs and their manifest.
        digest: Of the tracker that they must be of, see :func:`digest_of`.
        size: (height, width) of the frames that they must take.
        runtime: Loads them.

    Raises:
        ExportError: They are not there, of another model or size, or cannot be run.
    """

    def __init__(
        self, folder: Path, digest: str, *, size: tuple[int, int], runtime: Runtime
    ) -> None:
        self.manifest = Manifest.read(folder)
        if self.manifest.size != size:
            height, width = self.manifest.size
            raise ExportError(
                f'the graphs in {folder} take frames of {width} x {height}, and those of this '
                f'video come to the network as {size[1]} x {size[0]}: export with --like and this '
                'video, or leave the folder out'
            )
        self.manifest.require(digest, folder)
        if self.manifest.precision != 'float32' and not runtime.runs_int8:
            raise ExportError(
                f'{runtime.name} does not run the {self.manifest.precision} graphs in {folder} '
                'rightly: choose onnxruntime'
            )
        self.encoder = runtime.load(folder / 'encoder.onnx')
        self.step = runtime.load(folder / 'step.onnx')
        self.handover = runtime.load(folder / 'handover.onnx')
        self.detector: Graph | None = None
        if self.manifest.detector_size is not None:
            self.detector = runtime.load(folder / 'detector.onnx')


# Gives the folder of the graphs for frames of a (height, width).
GraphSource = Callable[[tuple[int, int]], Path]


def fixed_graphs(folder: Path) -> GraphSource:
    """Take the graphs of a folder, which fit frames of one size."""
    return lambda _size: folder


class GraphNetworks:
    """Computes :class:`~vsd_mot.models.query_tracking.parts.Networks` by graphs.

    Queries, lifecycle and outputs are those of the model; its weights are not used.

    Args:
        model: The tracker.
        source: Where graphs come from.
        runtime: Runs them.
    """

    def __init__(self, model: MOTRv2, source: GraphSource, runtime: Runtime) -> None:
        self.model = model
        self.source = source
        self.runtime = runtime
        self._sets: dict[tuple[int, int], GraphSet] = {}
        self._latest: GraphSet | None = None

    @cached_property
    def _digest(self) -> str:
        """Of the model: all weights are read for it, once."""
        return digest_of(self.model)

    def graphs(self, size: tuple[int, int]) -> GraphSet:
        """Return the graphs for frames of ``size`` (height, width), loaded once."""
        if size not in self._sets:
            self._sets[size] = GraphSet(
                self.source(size), self._digest, size=size, runtime=self.runtime
            )
        self._latest = self._sets[size]
        return self._latest

    def analyse(
        self, frames: FrameBatch, data_samples: Sequence[TrackDataSample]
    ) -> list[FrameAnalysis]:
        """Encode, rate and detect; see :class:`parts.Networks`."""
        brought = brought_proposals(frames, data_samples)
        if brought is None and self.model.detector is None:
            self.model.propose(frames, [], data_samples)  # says what is missing

        def of_size(indices: list[int], size: tuple[int, int]) -> list[FrameAnalysis]:
            graphs = self.graphs(size)
            images = cut_padding(take(frames.raw, indices), *size).contiguous()
            encoded = graphs.encoder(frames=images.numpy())
            if brought is None:
                proposals = self._detect(graphs, images, encoded)
            else:
                proposals = [brought[index] for index in indices]
            return [
                FrameAnalysis(
                    FrameFeatures(torch.from_numpy(tokens), graphs.manifest.level_sizes),
                    _description(encoded, row),
                    proposals[row],
                )
                for row, tokens in enumerate(encoded['tokens'])
            ]

        return frames.map_by_size(of_size, limit=self.model.encode_batch)

    def _detect(self, graphs: GraphSet, images: Tensor, encoded: Arrays) -> list[Proposals]:
        detector = self.model.detector
        assert isinstance(detector, ProposalDetector), 'checked at export'
        size = (images.shape[-2], images.shape[-1])
        if graphs.detector is not None:
            images = detector._resize(images)
            size = (images.shape[-2], images.shape[-1])
            encoded = graphs.detector(frames=images.contiguous().numpy())
        return [
            select_boxes(detector, boxes, scores=scores, labels=labels, size=size)
            for boxes, scores, labels in zip(encoded['boxes'], encoded['scores'], encoded['labels'])
        ]

    def decode(
        self, queries: QuerySet, features: FrameFeatures, *, description: FrameDescription | None
    ) -> Predictions:
        """Predict for n queries; see :class:`parts.Networks`."""
        assert self._latest is not None, 'a frame is encoded before it is decoded'
        inputs = dict(
            tokens=features.memory, references=queries.reference_boxes, contents=queries.contents
        )
        branch = cast(SemanticBranch | None, self.model.semantics)
        info: dict[str, Tensor] = {}
        if description is not None and description.quality is not None:
            if branch is not None and branch.fusion.needs_quality:
                inputs['quality'] = description.quality.quality
            info = description.quality.components()
        if description is not None and description.image_feature is not None:
            inputs['image_feature'] = description.image_feature
        outputs = _run(self._latest.step, inputs)
        output = DecoderOutput(outputs['states'], outputs['logits'][None], outputs['boxes'][None])
        semantic = None
        if 'weight' in outputs:
            info['semantic_weight'] = outputs['weight']
        if branch is not None:
            semantic = SemanticOutput(contents=queries.contents, info=info)
        return Predictions(output, None, semantic)

    def hand_on(self, queries: QuerySet, states: Tensor, boxes: Tensor) -> QuerySet:
        """Choose the tracks and update them; see :class:`parts.Networks`."""
        assert self._latest is not None, 'a frame is encoded before tracks are handed on'
        keep = torch.nonzero(queries.track_ids >= 0).flatten()
        tracks = queries[keep]
        outputs = _run(
            self._latest.handover,
            dict(
                references=tracks.reference_boxes,
                contents=tracks.contents,
                scores=tracks.scores,
                states=states[keep],
                boxes=boxes[keep],
            ),
        )
        return tracks.replace(
            reference_boxes=outputs['next_references'], contents=outputs['next_contents']
        )


def _run(graph: Graph, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    arrays = {name: value.contiguous().numpy() for name, value in inputs.items()}
    return {name: torch.from_numpy(np.asarray(one)) for name, one in graph(**arrays).items()}


def _description(encoded: Arrays, row: int) -> FrameDescription:
    description = FrameDescription()
    if 'quality' in encoded:
        values = torch.from_numpy(encoded['quality'][row])
        description.quality = FrameQualityScore(**dict(zip(QUALITY_NAMES, values)))
    if 'image_feature' in encoded:
        description.image_feature = torch.from_numpy(encoded['image_feature'][row : row + 1])
    return description


def select_boxes(
    detector: ProposalDetector,
    boxes: np.ndarray,
    *,
    scores: np.ndarray,
    labels: np.ndarray,
    size: tuple[int, int],
) -> Proposals:
    """Choose the proposals of a frame as the detector's head does.

    Args:
        detector: With its thresholds.
        boxes: ``(A, 4)`` (x1, y1, x2, y2) in pixels of its input.
        scores: ``(A,)``.
        labels: ``(A,)``.
        size: (height, width) of its input.

    Returns:
        Those above the thresholds after the non-maximum suppression.
    """
    head = detector.detector.bbox_head
    kept = torch.from_numpy(scores >= head.test_cfg.score_thr)
    results = InstanceData(
        bboxes=torch.from_numpy(boxes)[kept],
        scores=torch.from_numpy(scores)[kept],
        labels=torch.from_numpy(labels)[kept],
    )
    results = head._bbox_post_process(results, head.test_cfg, rescale=False, img_meta={})
    height, width = size
    return detector._select(results, torch.tensor([width, height, width, height]).float())
