"""A detector, or stored detections, before a tracker that needs boxes alone."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from mmengine.structures import InstanceData
from mmtrack.models.mot import ByteTrack
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor


class BoxAssociation(Protocol):
    """What :class:`BoxTracker` asks of its tracker: MMTracking's own convention."""

    def track(
        self, *, model: Any, img: Tensor | None, feats: Any, data_sample: TrackDataSample
    ) -> InstanceData:
        """Follow the boxes of the next frame.

        Args:
            model: What has the ``motion`` of the config, and ``with_motion``.
            img: The frame as the detector gets it, (1, 3, H, W), padded; None where boxes are all
                that is known.
            feats: None.
            data_sample: With ``pred_det_instances``, boxes in pixels of the original frame; a
                ``frame_id`` of 0 begins a video.

        Returns:
            ``bboxes``, ``scores``, ``labels`` and ``instances_id`` of the tracks in the frame.
        """


@MODELS.register_module()
class BoxTracker(ByteTrack):
    """MMTracking's ByteTrack model for any tracker of boxes, which also takes stored detections.

    ``tracker`` may be ``ByteTracker``, ``SORTTracker`` (with ``reid=None``) or
    :class:`RoboflowTracker`; the first two want a ``motion``. All get the same boxes. Trackers of
    boxes are fast and hard to beat where the detector is good; where it fails for longer than
    they coast, nothing else tells them who somebody was.

    Args:
        kwargs: ``detector``, ``tracker``, ``motion``, ``data_preprocessor`` and ``init_cfg``, as of
            :class:`mmtrack.models.mot.ByteTrack`. Without a detector, samples have to bring
            ``proposals``.
    """

    takes_proposals = True
    keeps_labels = True
    tracker: BoxAssociation

    @property
    def needs_proposals(self) -> bool:
        """Whether there is no detector, so that detections must be given."""
        return not self.with_detector

    def predict(
        self, inputs: dict[str, Tensor], data_samples: list[TrackDataSample], **kwargs
    ) -> list[TrackDataSample]:
        """Track the next frame of a video.

        Args:
            inputs: ``img``, (1, 1, 3, H, W).
            data_samples: Of this one frame; its ``proposals``, where it brings any, take the
                detector's place.
            kwargs: Not used; MMTracking's interface.

        Raises:
            ValueError: There are neither proposals nor a detector.
        """
        (sample,) = data_samples
        frame = inputs['img'][0]
        boxes = self.detect(frame, sample)
        width, height = (boxes.bboxes[:, 2:] - boxes.bboxes[:, :2]).unbind(1)
        # Motion models divide by the sides. What is not a number stays, for an error with a name.
        sample.pred_det_instances = boxes[~((width <= 0) | (height <= 0))]
        sample.pred_track_instances = self.tracker.track(
            model=self, img=frame, feats=None, data_sample=sample
        )
        return [sample]

    def detect(self, frame: Tensor, sample: TrackDataSample) -> InstanceData:
        """Return boxes (x1, y1, x2, y2) in pixels of the original frame, scores and labels."""
        if 'proposals' in sample:
            brought = sample.proposals
            (height, width), (input_height, input_width) = sample.ori_shape, sample.img_shape
            scale = brought.bboxes.new_tensor([width / input_width, height / input_height])
            return InstanceData(
                bboxes=brought.bboxes * scale.repeat(2),
                scores=brought.scores,
                labels=brought.get('labels', torch.zeros_like(brought.scores, dtype=torch.long)),
            )
        if not self.with_detector:
            raise ValueError(
                f'{sample.img_path}: no proposals and no detector. Give the data set a '
                'proposal_file, or the model a detector'
            )
        return self.detector.predict(frame, [sample])[0].pred_instances.clone()
