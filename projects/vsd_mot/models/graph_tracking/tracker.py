"""LG-MOT as a tracker of MMTracking: training on clips, testing on videos."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.structures import InstanceData
from mmtrack.models.mot import BaseMultiObjectTracker
from mmtrack.registry import MODELS, TASK_UTILS
from mmtrack.structures import TrackDataSample
from torch import Tensor

from ...datasets.track_clips import Detections, StoredVideo
from ..data_preprocessor import ClipDataPreprocessor
from ..frames import FrameBatch
from .hierarchy import GraphHierarchy
from .tracklets import ClipDetections
from .video_run import VideoRun, boxes_by_frame


@MODELS.register_module()
class DetectionDataPreprocessor(ClipDataPreprocessor):
    """:class:`ClipDataPreprocessor` that lets samples without images pass."""

    def forward(self, data: dict, training: bool = False) -> dict:
        """Preprocess what the data loader collated."""
        return super().forward(data, training) if data['inputs'] else data


@MODELS.register_module()
class GraphTracker(BaseMultiObjectTracker):
    """LG-MOT (Li et al.): offline tracking by a hierarchy of graphs, trained with language.

    It sees a video to its end before it gives the first track, and in return joins people across
    long occlusions. It reads no text at inference. Weak where detections are missing altogether,
    since tracks only follow what the detector found.

    Args:
        hierarchy: Config of :class:`GraphHierarchy`.
        finishing: Config of what is done to the tracks in the end, :class:`TrackFinishing`.
        stitcher: Config of what makes a video's tracks from those of its clips,
            :class:`ClipStitcher`.
        detector: Config of a :class:`ProposalDetector`, for frames without stored detections.
        appearance: Config of an appearance encoder (:class:`ReIDResNetIBN`, :class:`ReIDModel`,
            :class:`ColourStripes`), for frames without stored vectors.
        min_score: Detections below it do not take part. Published: 0.65. Raising it loses people,
            lowering it adds false positives, which become tracks where they recur.
        frame_rate: Frames per second where a video does not say.
        published: Compute as the published code does for MOT17, in training and testing: boxes
            are clamped to whole pixels, false positives get the first person's text, and see
            ``published`` of :class:`GraphHierarchy`, which it sets.
        data_preprocessor: Config of the data preprocessor.
        init_cfg: mmengine initialisation.
    """

    # The tracks of a frame are not known before the video has ended.
    offline = True
    takes_proposals = True

    def __init__(
        self,
        *,
        hierarchy: dict,
        finishing: dict,
        stitcher: dict,
        detector: dict | None = None,
        appearance: dict | None = None,
        min_score: float = 0.65,
        frame_rate: float = 30.0,
        published: bool = False,
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(data_preprocessor, init_cfg)
        self.hierarchy: GraphHierarchy = MODELS.build(dict(hierarchy, published=published))
        self.stitcher = stitcher
        self.finishing = TASK_UTILS.build(finishing)
        self.detector = None if detector is None else MODELS.build(detector)
        self.appearance = None if appearance is None else MODELS.build(appearance)
        self.min_score = min_score
        self.frame_rate = frame_rate
        self.published = published
        self.reset()

    @property
    def needs_proposals(self) -> bool:
        """Whether there is no detector, so that detections must be given."""
        return self.detector is None

    def reset(self) -> None:
        """Forget the video that is on its way."""
        self._run: VideoRun | None = None
        self._samples: list[TrackDataSample] = []
        self._folder: str | None = None

    def start_video(self, frame_rate: float | None = None) -> VideoRun:
        """Begin a video whose frames come one by one, by :meth:`VideoRun.add`."""
        return VideoRun(
            self.hierarchy,
            self.stitcher,
            self.finishing,
            min_score=self.min_score,
            published=self.published,
            frame_rate=frame_rate or self.frame_rate,
        )

    def loss(self, inputs: dict, data_samples: Sequence[Detections]) -> dict[str, Tensor]:
        """Losses of a batch of clips; see :meth:`GraphHierarchy.loss`."""
        device = self.hierarchy.level_vectors.weight.device
        clips = [clip.as_published() if self.published else clip for clip in data_samples]
        return self.hierarchy.loss([ClipDetections.of(clip, device) for clip in clips])

    @torch.no_grad()
    def predict(
        self, inputs: dict, data_samples: Sequence[StoredVideo | TrackDataSample], **kwargs: Any
    ) -> list[TrackDataSample]:
        """Track stored videos, or take the next frames of one.

        Args:
            inputs: Empty with stored videos; else what :class:`ClipDataPreprocessor` makes.
            data_samples: Stored videos; or one sample for each frame, in order.
            kwargs: Other trackers' options, not used here.

        Returns:
            The samples of all frames of the videos that have ended, with
            ``pred_track_instances``; none while a video goes on.
        """
        if not inputs:
            return [sample for video in data_samples for sample in self.track_stored(video)]
        samples: Sequence[TrackDataSample] = data_samples
        frames = FrameBatch.from_inputs(inputs, samples)
        ended = []
        for index, sample in enumerate(samples):
            folder = os.path.dirname(sample.img_path)
            if sample.frame_id == 0 or folder != self._folder or self._run is None:
                self.reset()
                self._run, self._folder = self.start_video(sample.get('frame_rate')), folder
            self.add_frame(self._run, frames=frames, index=index, sample=sample)
            self._samples.append(sample)
            if sample.frame_id == sample.video_length - 1:
                ended += with_tracks(self._samples, self._run)
                self.reset()
        return ended

    def track_stored(self, video: StoredVideo) -> list[TrackDataSample]:
        """Track a video whose detections are stored."""
        run, samples = self.start_video(video.frame_rate), []
        for frame in video:
            run.add(
                number_of(frame.sample),
                boxes=frame.boxes,
                scores=frame.scores,
                size=frame.sample.ori_shape,
                describe=frame.appearance.__getitem__,
            )
            samples.append(frame.sample)
        return with_tracks(samples, run)

    def add_frame(
        self, run: VideoRun, *, frames: FrameBatch, index: int, sample: TrackDataSample
    ) -> None:
        """Detect and describe the people of a frame, and hand them to a video's run."""
        boxes, scores = self.detections(frames, index, sample)
        encoder = self.appearance
        if encoder is None:
            raise ValueError(
                f'{sample.img_path}: no appearance vectors and no encoder. Test with '
                'TrackClipDataset and an appearance_file, or give the model appearance=dict(...)'
            )
        picture = frames.raw_frame(index)

        def describe(kept: np.ndarray) -> np.ndarray:
            return encoder(picture, boxes[torch.from_numpy(kept)]).cpu().numpy()

        height, width = frames.sizes[index]
        scale = boxes.new_tensor(sample.ori_shape[1::-1]) / boxes.new_tensor([width, height])
        original = boxes * scale.repeat(2)
        run.add(
            number_of(sample),
            boxes=original.cpu().numpy(),
            scores=scores.cpu().numpy(),
            size=sample.ori_shape[:2],
            describe=describe,
        )

    def detections(
        self, frames: FrameBatch, index: int, sample: TrackDataSample
    ) -> tuple[Tensor, Tensor]:
        """Boxes (x1, y1, x2, y2) in pixels of the frame as it comes in, and scores.

        Raises:
            ValueError: The sample has no proposals and there is no detector.
        """
        if 'proposals' in sample:
            return sample.proposals.bboxes, sample.proposals.scores
        if self.detector is None:
            raise ValueError(
                f'{sample.img_path}: no proposals and no detector. Give the data set a '
                'proposal_file, or the model detector=dict(type="ProposalDetector", ...)'
            )
        one = FrameBatch(
            frames.images[index : index + 1],
            frames.raw[index : index + 1],
            [frames.sizes[index]],
        )
        boxes, scores = self.detector(one)[0]
        height, width = frames.sizes[index]
        return bbox_cxcywh_to_xyxy(boxes) * boxes.new_tensor([width, height] * 2), scores


def number_of(sample: TrackDataSample) -> int:
    """Tell the number of a frame, as its image file is numbered where that is known."""
    return int(sample.get('mot_frame_id', sample.frame_id + 1))


def with_tracks(samples: list[TrackDataSample], run: VideoRun) -> list[TrackDataSample]:
    """End a video and put its tracks into the samples of its frames."""
    fields_of_frame = boxes_by_frame(run.finish())
    no_tracks = dict(
        bboxes=torch.zeros(0, 4),
        scores=torch.zeros(0),
        labels=torch.zeros(0, dtype=torch.long),
        instances_id=torch.zeros(0, dtype=torch.long),
    )
    for sample in samples:
        sample.pred_track_instances = InstanceData(
            **fields_of_frame.get(number_of(sample), no_tracks)
        )
    return samples
