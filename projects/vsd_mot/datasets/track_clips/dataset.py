"""Clips of detections for training, whole videos of them for testing."""

from __future__ import annotations

import os.path as osp
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from mmengine.utils import is_abs
from mmtrack.registry import DATASETS
from mmtrack.structures import TrackDataSample

from ...mot_layout import DEFAULT_FPS
from ..clips import MOTClipDataset
from ..descriptions import TextFeatures, require_identities
from ..proposals import AppearanceStore, ProposalStore
from .detections import ClipTruth, Detections, assign_identities, prepare_boxes
from .windows import CLIP_FRAMES, training_clips


@dataclass
class StoredFrame:
    """A frame of a video whose detections are stored.

    Attributes:
        sample: Takes the result.
        boxes: (x_min, y_min, x_max, y_max) in pixels, ``(n, 4)``.
        scores: ``(n,)``.
        appearance: ``(n, D)``.
    """

    sample: TrackDataSample
    boxes: np.ndarray
    scores: np.ndarray
    appearance: np.ndarray


@dataclass
class StoredVideo:
    """A video whose detections are stored; its frames are read as they are asked for.

    Attributes:
        dataset: Gives the frames.
        positions: Of its frames in the data set.
        frame_rate: Frames per second.
    """

    dataset: TrackClipDataset
    positions: Sequence[int]
    frame_rate: float

    def __iter__(self):
        return (self.dataset.stored_frame(position) for position in self.positions)


def _no_detections() -> Detections:
    return Detections(
        frames=np.zeros(0, dtype=np.int64),
        boxes=np.zeros((0, 4)),
        scores=np.zeros(0),
        appearance=np.zeros((0, 0), dtype=np.float32),
        identities=np.zeros(0, dtype=np.int64),
    )


@dataclass
class _Video:
    """A training video in memory, but for the appearance of its detections; none in testing."""

    name: str
    frame_rate: float
    positions: list[int]
    detections: Detections = field(default_factory=_no_detections)
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@DATASETS.register_module()
class TrackClipDataset(MOTClipDataset):
    """Detections with appearance and identities as clips (training) or whole videos (testing).

    No image is read, and the pipeline is not used. An item is a dict with empty ``inputs``, and as
    ``data_samples``

    - in training the :class:`Detections` of one clip: identities from the ground truth by IoU, and
      with a ``description_file`` the text features of each person and of the scene;
    - with ``test_mode=True`` a :class:`StoredVideo`.

    Args:
        appearance_file: Written by ``tools/dataset_converters/make_appearance.py``, relative to
            ``data_root``.
        description_file: Text features written by ``encode_descriptions.py``, relative to
            ``data_root``; None: without language.
        min_score: In training, detections below it are left out. Published: 0.65. Raising it trains
            on fewer false positives and fewer hidden people; keep it equal to the tracker's.
        clip_frames: Frames of a training clip. Longer clips join across longer gaps, with graphs
            that grow in proportion.
        clip_stride: Least distance between the starts of two training clips. Raising it makes fewer
            clips of a video, that share less.
        identity_classes: Categories whose identities detections may get. Published: MOT17's
            pedestrian, person on vehicle, static person, distractor, reflection.
        kwargs: As of :class:`MOTClipDataset`; ``proposal_file`` is required.

    Raises:
        ValueError: Without a ``proposal_file``; without any clip; if a described identity or video
            is not there, or the boxes, appearance or text files do not fit.
    """

    proposal_store: ProposalStore  # never None once loaded: the file is required

    def __init__(
        self,
        *args,
        appearance_file: str,
        description_file: str | None = None,
        min_score: float = 0.65,
        clip_frames: int = CLIP_FRAMES,
        clip_stride: int = 20,
        identity_classes: Sequence[int] = (1, 2, 7, 8, 12),
        **kwargs,
    ) -> None:
        if kwargs.get('proposal_file') is None:
            raise ValueError(
                'TrackClipDataset tracks stored detections: set proposal_file (tools/'
                'dataset_converters/make_proposals.py makes it). To detect in the loop, test with '
                'MOTClipDataset and a model that has a detector and an appearance encoder'
            )
        self.appearance_file = appearance_file
        self.description_file = description_file
        self.min_score = min_score
        self.clip_frames = clip_frames
        self.clip_stride = clip_stride
        self.identity_classes = tuple(identity_classes)
        # instance_id of the annotation file -> identity in gt.txt, which descriptions go by.
        self._mot_identity: dict[int, int] = {}
        super().__init__(*args, **kwargs)

    def _join_prefix(self) -> None:
        super()._join_prefix()
        for name in ('appearance_file', 'description_file'):
            path = getattr(self, name)
            if path and self.data_root and not is_abs(path):
                setattr(self, name, osp.join(self.data_root, path))

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """Parse a frame and remember the identities of the ground truth's own numbering."""
        for annotation in raw_data_info['raw_ann_info']:
            number = annotation.get('instance_id', -1)
            self._mot_identity[number] = annotation.get('mot_instance_id', number)
        return super().parse_data_info(raw_data_info)

    def full_init(self) -> None:
        """Load annotations and stores, and cut the videos into clips."""
        if self._fully_initialized:
            return
        super().full_init()
        self.appearance = AppearanceStore(self.appearance_file, self.proposal_store)
        infos = [self._get_ori_data_info(i) for i in range(self._num_frames)]
        self.videos = []
        for video_id, group in groupby(range(len(infos)), lambda i: infos[i]['video_id']):
            positions = list(group)
            name = video_name(infos[positions[0]])
            rate = self._frame_rates.get(video_id, DEFAULT_FPS)
            self.videos.append(_Video(name, rate, positions))
        if not self.test_mode:
            self._cut_into_clips(infos)

    def _cut_into_clips(self, infos: list[dict]) -> None:
        texts = None if self.description_file is None else TextFeatures(self.description_file)
        self.clips: list[tuple[int, int, int]] = []
        for number, video in enumerate(self.videos):
            self._load_video(video, [infos[position] for position in video.positions], texts)
            frames = video.detections.detected_frames
            for first, last in training_clips(frames, self.clip_frames, self.clip_stride):
                self.clips.append((number, first, last))
        if not self.clips:
            raise ValueError(
                f'{self.ann_file} gives no clip to train on: no video has detections of score '
                f'{self.min_score} or more in two frames. Lower min_score, or look at '
                f'{self.proposal_file}'
            )

    def _load_video(self, video: _Video, infos: list[dict], texts: TextFeatures | None) -> None:
        numbers, boxes, scores, rows = [], [], [], []
        for info in infos:
            detected, confidence = self.proposal_store[info['frame_key']]
            kept_boxes, kept = prepare_boxes(
                detected,
                confidence,
                (info['height'], info['width']),
                min_score=self.min_score,
            )
            numbers.append(np.full(len(kept), frame_number(info), dtype=np.int64))
            boxes.append(kept_boxes)
            scores.append(confidence[kept])
            rows.append(kept + self.proposal_store.span(info['frame_key']).start)
        frames, all_boxes = np.concatenate(numbers), np.concatenate(boxes)
        truth = self._truth(infos)
        identities = assign_identities(frames, all_boxes, truth)
        video.rows = np.concatenate(rows)
        video.detections = Detections(
            frames=frames,
            boxes=all_boxes,
            scores=np.concatenate(scores),
            appearance=np.zeros((len(frames), 0), dtype=np.float32),
            identities=identities,
            frame_rate=video.frame_rate,
            truth=truth,
        )
        if texts is not None:
            self._add_text(video, texts, infos)

    def _truth(self, infos: list[dict]) -> ClipTruth:
        """Ground truth of a video."""
        rows = [
            (frame_number(info), *instance['bbox'], self._mot_identity[instance['instance_id']])
            for info in infos
            for instance in info['instances']
            if instance['category_id'] in self.identity_classes
        ]
        table = np.array(rows, dtype=np.float64).reshape(-1, 6)
        boxes = table[:, 1:5]
        boxes[:, 2:] -= boxes[:, :2]
        return ClipTruth(
            size=(infos[0]['height'], infos[0]['width']),
            frames=table[:, 0].astype(np.int64),
            boxes=boxes,
            identities=table[:, 5].astype(np.int64),
        )

    def _add_text(self, video: _Video, texts: TextFeatures, infos: list[dict]) -> None:
        text = texts.get(video.name)
        if text is None:
            raise ValueError(
                f'{texts.path} describes {", ".join(list(texts)[:3])} ..., but not {video.name}: '
                'describe every training video, or take description_file=None'
            )
        known_identities = {
            self._mot_identity[instance['instance_id']]
            for info in infos
            for instance in info['instances']
        }
        require_identities(
            video.name, text.identities.tolist(), identities=known_identities, where=texts.path
        )
        detections = video.detections
        detections.scene = text.scene
        detections.descriptions = text.of(detections.identities)
        if detections.truth is not None:
            detections.truth.text = text

    def __len__(self) -> int:
        """Count the clips, or with ``test_mode`` of videos."""
        self.full_init()
        return len(self.videos) if self.test_mode else len(self.clips)

    def prepare_data(self, idx: int) -> dict:
        """Give a clip, or with ``test_mode`` a video."""
        if self.test_mode:
            video = self.videos[idx]
            return dict(
                inputs={},
                data_samples=StoredVideo(self, video.positions, video.frame_rate),
            )
        number, first, last = self.clips[idx]
        video = self.videos[number]
        inside = slice(*np.searchsorted(video.detections.frames, [first, last + 1]))
        clip = video.detections.between(first, last)
        clip.appearance = self.appearance.rows(video.rows[inside])
        return dict(inputs={}, data_samples=clip)

    def stored_frame(self, position: int) -> StoredFrame:
        """Give a frame with its stored detections."""
        info = self._get_ori_data_info(position)
        key = info['frame_key']
        sample = TrackDataSample(
            metainfo=dict(
                frame_id=info['frame_id'],
                mot_frame_id=frame_number(info),
                video_length=info['video_length'],
                img_path=info['img_path'],
                ori_shape=(info['height'], info['width']),
                instances=info['instances'],
            )
        )
        boxes, scores = self.proposal_store[key]
        return StoredFrame(sample, boxes, scores, self.appearance[key])


def frame_number(info: dict) -> int:
    """Tell the number of a frame, as its image file is numbered where that is known."""
    return int(info.get('mot_frame_id', info['frame_id'] + 1))


def video_name(info: dict) -> str:
    """Name of the sequence that a frame belongs to: the folder around ``img1``."""
    parts = info['frame_key'].split('/')
    return parts[-3] if len(parts) > 2 and parts[-2] == 'img1' else parts[-2]
