"""Tracking from stored proposals, without a detector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_xyxy_to_cxcywh
from mmengine.config import Config
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS, TASK_UTILS
from mmtrack.structures import TrackDataSample

from ...datasets.proposals import ProposalStore
from ...images import image_size, read_image
from ...models.box_tracking import BoxAssociation
from ...models.query_tracking.queries import FrameEvidence, HybridLifecycle, Proposals, QuerySet
from ...mot_layout import image_folder, numbered_images, sequences_below


@dataclass
class StoredSequence:
    """The proposals of a sequence.

    Attributes:
        folder: The sequence, with its ground truth.
        frames: Of each frame its number, boxes (x1, y1, x2, y2) in pixels ``(p, 4)``, scores
            ``(p,)``, and the image's (height, width).
    """

    folder: Path
    frames: list[tuple[int, np.ndarray, np.ndarray, tuple[int, int]]]


def read_sequences(root: Path, proposals: Path) -> list[StoredSequence]:
    """Read the proposals of the sequences below a folder that a file is for.

    Args:
        root: Folder of sequences in MOTChallenge layout, to which the file's keys are relative.
            Those of another split, of which the file has no frame, are left out.
        proposals: Proposal file with all frames of the others.

    Raises:
        FileNotFoundError: There is no such folder.
        KeyError: Some frames of a sequence are not in the file, or the file is for none.
        ValueError: There is no sequence, or the proposals were made on images of other sizes.
    """
    store, sequences = ProposalStore(proposals), []
    others: list[str] = []
    for folder in sequences_below([root]):
        images = numbered_images(image_folder(folder))
        keys = {number: path.relative_to(root).as_posix() for number, path in images.items()}
        if not any(key in store for key in keys.values()):
            others += keys.values()
            continue
        # One header stands for all: a set may have many images.
        size = image_size(next(iter(images.values())))[::-1]
        store.require(list(keys.values()), sizes=[size] * len(keys), needed_by=str(root))
        frames = [(n, *store[key], size) for n, key in keys.items()]
        sequences.append(StoredSequence(folder, frames))
    if not sequences:
        store.require(others, needed_by=str(root))
    return sequences


class ProposalReplay:
    """A tracker that is fed stored proposals.

    Of a model that builds on MOTRv2 the lifecycle runs alone, without a decoder: a
    :class:`HybridLifecycle` by detector and motion. Of MMTracking's models, and of
    :class:`BoxTracker`, the ``tracker`` with its ``motion`` runs; one that takes the motion of the
    camera out is handed the images, too.

    Args:
        config: Config of the tracker.

    Raises:
        ValueError: The tracker needs more than proposals.
    """

    def __init__(self, config: Config) -> None:
        model = config.model
        self.lifecycle: HybridLifecycle | None = None
        self.tracker: BoxAssociation
        if 'lifecycle' in model:
            if model.lifecycle.type != 'HybridLifecycle':
                raise ValueError(
                    f'{model.lifecycle.type} decides by the scores of a decoder, which are not '
                    'stored: only HybridLifecycle and trackers of MMTracking can be replayed'
                )
            self.lifecycle = MODELS.build(model.lifecycle)
        elif 'tracker' in model:
            self.tracker = MODELS.build(model.tracker)
            motion = None if model.get('motion') is None else TASK_UTILS.build(model.motion)
            self.model = SimpleNamespace(motion=motion, with_motion=motion is not None)
            self.with_images = model.tracker.get('camera_motion', False)
        else:
            raise ValueError(f'{model.type} has neither a lifecycle nor a tracker to be replayed')

    @torch.no_grad()
    def __call__(self, sequence: StoredSequence) -> str:
        """Track through a sequence; returns lines of a MOTChallenge result file."""
        if self.lifecycle is None:
            frames = self._tracker_frames(sequence)
        else:
            frames = _lifecycle_frames(self.lifecycle, sequence)
        return ''.join(
            f'{number},{track + 1},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},{score:.4f},'
            '-1,-1,-1\n'
            for number, instances in frames
            for track, (x1, y1, x2, y2), score in zip(
                instances.instances_id.tolist(),
                instances.bboxes.tolist(),
                instances.scores.tolist(),
            )
        )

    def _tracker_frames(self, sequence: StoredSequence) -> Iterator[tuple[int, InstanceData]]:
        images = numbered_images(image_folder(sequence.folder)) if self.with_images else {}
        for index, (number, boxes, scores, size) in enumerate(sequence.frames):
            sample = TrackDataSample(metainfo=dict(frame_id=index, img_shape=size, ori_shape=size))
            sample.pred_det_instances = InstanceData(
                bboxes=torch.tensor(np.array(boxes)).reshape(-1, 4),
                scores=torch.tensor(np.array(scores)),
                labels=torch.zeros(len(scores), dtype=torch.long),
            )
            image = None
            if self.with_images:
                image = torch.from_numpy(read_image(images[number])).permute(2, 0, 1)[None]
            yield (
                number,
                self.tracker.track(model=self.model, img=image, feats=None, data_sample=sample),
            )


def _lifecycle_frames(
    lifecycle: HybridLifecycle, sequence: StoredSequence
) -> Iterator[tuple[int, InstanceData]]:
    """Yield number and reported tracks of each frame."""
    lifecycle.reset()
    tracks: QuerySet | None = None
    for number, boxes, scores, (height, width) in sequence.frames:
        scale = torch.tensor([width, height, width, height], dtype=torch.float32)
        placed = bbox_xyxy_to_cxcywh(torch.tensor(np.array(boxes)).reshape(-1, 4) / scale)
        proposals = Proposals(placed, torch.tensor(np.array(scores)))
        queries = QuerySet.fresh(placed, torch.zeros(len(placed), 1))
        if tracks is not None:
            queries = QuerySet.cat((queries, tracks))
        settled = lifecycle.settle(
            FrameEvidence(queries, queries.reference_boxes, proposals, (height, width))
        )
        # No decoder has answered: no score speaks for a track.
        tracks = settled.queries[settled.queries.track_ids >= 0]
        tracks = tracks.replace(scores=torch.zeros(len(tracks)))
        reported = settled.reported
        yield (
            number,
            InstanceData(
                instances_id=settled.queries.track_ids[reported],
                bboxes=bbox_cxcywh_to_xyxy(settled.boxes[reported]) * scale,
                scores=settled.scores[reported],
            ),
        )
