"""The trackers of Roboflow's package ``trackers`` as trackers of MMTracking."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch
from mmengine.structures import InstanceData
from mmtrack.registry import MODELS
from mmtrack.structures import TrackDataSample
from torch import Tensor

from ...errors import ConfigError
from ...extras import needed

# What it asks for holds opencv-python, which would overwrite opencv-python-headless.
INSTALL = 'pip install --no-deps trackers supervision pydeprecate defusedxml'


@MODELS.register_module()
class RoboflowTracker:
    """Any tracker of PyPI's ``trackers`` (Apache-2.0): SORT, ByteTrack, OC-SORT, BoT-SORT, C-BIoU.

    It is for :class:`BoxTracker`, and fits MMTracking's own models, too. A box that belongs to no
    confirmed track, which the package numbers -1, is not reported. Classes are not told apart.

    Args:
        name: The package's name of the tracker: ``ocsort``, ``botsort``, ``cbiou``, ``bytetrack``,
            ``sort``, or another one that the installed version has.
        camera_motion: Hand it the frames, by which BoT-SORT takes out the motion of the camera.
            The data preprocessor must not normalise them. The other trackers do not look at frames.
        settings: Of the tracker, as its class documents them. ``lost_track_buffer`` counts frames
            where ``frame_rate`` stays at its 30.

    Raises:
        MissingExtraError: The package is not installed.
        ConfigError: It has no such tracker, or the tracker no such setting.
    """

    def __init__(self, name: str, *, camera_motion: bool = False, **settings) -> None:
        self.supervision = needed(
            'supervision', extra='trackers', by='RoboflowTracker', install=INSTALL
        )
        self.tracker = build_tracker(name, settings)
        self.camera_motion = camera_motion

    def reset(self) -> None:
        """Forget all tracks."""
        self.tracker.reset()

    def track(
        self, *, data_sample: TrackDataSample, img: Tensor | None = None, **kwargs
    ) -> InstanceData:
        """Follow the boxes of the next frame, see :class:`BoxAssociation`.

        Args:
            data_sample: With ``pred_det_instances``.
            img: (1, 3, H, W) BGR in 0..255; looked at for the motion of the camera alone, and
                None leaves that in.
            kwargs: Not used; MMTracking's interface.

        Returns:
            The boxes as they were detected, of all confirmed tracks that have one in this frame.

        Raises:
            ValueError: A box is not finite, or the frames are normalised.
        """
        if data_sample.metainfo.get('frame_id') == 0:
            self.reset()
        boxes: InstanceData = data_sample.pred_det_instances
        frame = frame_of(img, data_sample) if self.camera_motion and img is not None else None
        tracked = self.tracker.update(
            self.supervision.Detections(
                xyxy=boxes.bboxes.cpu().numpy(),
                confidence=boxes.scores.cpu().numpy(),
                class_id=boxes.labels.cpu().numpy(),
                data=dict(row=np.arange(len(boxes))),
            ),
            frame,
        )
        confirmed = tracked.tracker_id >= 0
        # The package returns an empty result without data.
        rows = np.asarray(tracked.data.get('row', ()), dtype=np.int64)[confirmed]
        reported = boxes[torch.from_numpy(rows).to(boxes.labels.device)]
        return InstanceData(
            bboxes=reported.bboxes,
            scores=reported.scores,
            labels=reported.labels,
            instances_id=torch.from_numpy(tracked.tracker_id[confirmed]).to(reported.labels),
        )


def build_tracker(name: str, settings: dict) -> Any:
    """Build a tracker of the package; arguments and errors are those of :class:`RoboflowTracker`.

    Only what the package itself exports can be named: a config does not import modules here.
    """
    package = needed('trackers', extra='trackers', by='RoboflowTracker', install=INSTALL)
    exported = (value for value in vars(package).values() if isinstance(value, type))
    # What is no tracker has no name for the package's own command line.
    classes = {label: kind for kind in exported if (label := getattr(kind, 'tracker_id', None))}
    if name not in classes:
        raise ConfigError(
            f'the package trackers has no tracker {name!r}, but {", ".join(sorted(classes))}'
        )
    try:
        return classes[name](**settings)
    except (TypeError, ValueError) as error:
        raise ConfigError(f'{name} of the package trackers: {error}') from error


def frame_of(img: Tensor, sample: TrackDataSample) -> np.ndarray:
    """Return the frame as uint8 BGR (h, w, 3), in its original size, to which the boxes belong.

    Raises:
        ValueError: It is normalised.
    """
    height, width = sample.img_shape[:2]
    picture = img[0, :, :height, :width]
    if picture.is_floating_point() and picture.min() < 0:
        raise ValueError(
            'camera_motion needs frames of 0 to 255, and the data preprocessor normalises them: '
            'take a TrackDataPreprocessor without mean and std'
        )
    pixels = np.ascontiguousarray(picture.permute(1, 2, 0).round().byte().cpu().numpy())
    height, width = sample.ori_shape[:2]
    return pixels if pixels.shape[:2] == (height, width) else cv2.resize(pixels, (width, height))
