"""MMTracking's visualizer with stable colours, trails, and frame quality drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mmcv
import numpy as np
from mmengine.dist import master_only
from mmengine.structures import InstanceData
from mmtrack.registry import VISUALIZERS
from mmtrack.structures import TrackDataSample
from mmtrack.visualization import TrackLocalVisualizer

from .annotator import TrackAnnotator
from .drawing import draw_tracks


@dataclass(frozen=True)
class _Predictions:
    """Tracks above the threshold: boxes (N, 4), ids (N,), scores (N,); quality and weight."""

    boxes: np.ndarray
    ids: np.ndarray
    scores: np.ndarray
    semantics: dict[str, float]


@VISUALIZERS.register_module()
class QualityTrackVisualizer(TrackLocalVisualizer):
    """Draws tracks with one colour per identity, trails, and the course of quality and weight.

    Quality and semantic weight come from the sample's metainfo `semantics`; samples without it
    are drawn without. A new video begins where `frame_id` is 0.

    Args:
        name: Name of the instance.
        fps: Frames per second, which sets the length of trails and curves.
        trail_seconds: How far back trails reach; 0 draws none.
        strip_seconds: How much time the curve at the lower edge shows; 0 draws none.
        show_scores: Whether to write the score beside the identity.
        kwargs: Those of :class:`TrackLocalVisualizer`.
    """

    def __init__(
        self,
        name: str = 'visualizer',
        *,
        fps: float = 30.0,
        trail_seconds: float = 1.5,
        strip_seconds: float = 10.0,
        show_scores: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.annotator = TrackAnnotator(
            fps,
            trail_seconds=trail_seconds,
            strip_seconds=strip_seconds,
            show_scores=show_scores,
        )

    @master_only
    def add_datasample(
        self,
        name: str,
        image: np.ndarray,
        data_sample: TrackDataSample | None = None,
        draw_gt: bool = True,
        draw_pred: bool = True,
        show: bool = False,
        wait_time: float = 0,
        out_file: str | None = None,
        pred_score_thr: float = 0.3,
        step: int = 0,
    ) -> None:
        """Draw a frame and save or show it.

        Args:
            name: Identifier of the image.
            image: (H, W, 3) uint8 RGB.
            data_sample: The frame's `pred_track_instances`, `gt_instances` and metainfo.
            draw_gt: Whether to draw the ground truth, in a picture to the left; left out where
                the sample has no identities.
            draw_pred: Whether to draw the predictions.
            show: Whether to open a window instead of saving.
            wait_time: Seconds that the window waits. Raising it plays more slowly.
            out_file: Where to save the picture.
            pred_score_thr: Tracks at or below this score are not drawn. Raising it draws fewer
                false boxes and more gaps.
            step: Number of the picture for the visual backends.
        """
        image = np.ascontiguousarray(image[..., ::-1])
        pictures = []
        if data_sample is not None:
            sample = data_sample.cpu()
            objects = sample.get('gt_instances')
            if (
                draw_gt
                and objects is not None
                and 'instances_id' in objects
                and 'bboxes' in objects
            ):
                pictures.append(self._draw_ground_truth(image, objects, sample.metainfo))
            if draw_pred and 'pred_track_instances' in sample:
                pictures.append(self._draw_predictions(image, sample, pred_score_thr))
        drawn = np.concatenate(pictures, axis=1) if pictures else image
        if show:
            self.show(drawn[..., ::-1], win_name=name, wait_time=wait_time)
        else:
            self.add_image(name, np.ascontiguousarray(drawn[..., ::-1]), step)
        if out_file is not None:
            mmcv.imwrite(drawn, out_file)

    @staticmethod
    def _draw_ground_truth(image: np.ndarray, objects: InstanceData, metainfo: dict) -> np.ndarray:
        """Draw the ground truth, which is in pixels of the network's input, into the picture."""
        boxes = np.asarray(objects.bboxes, np.float32).reshape(-1, 4)
        scale = np.tile(np.asarray(metainfo.get('scale_factor', (1.0, 1.0)), np.float32), 2)
        return draw_tracks(image, boxes / scale, np.asarray(objects.instances_id))

    @master_only
    def update_history(self, data_sample: TrackDataSample, pred_score_thr: float = 0.3) -> None:
        """Take a frame into trails and curves without drawing it.

        Args:
            data_sample: As :meth:`add_datasample`.
            pred_score_thr: As :meth:`add_datasample`.
        """
        frame = self._predictions(data_sample.cpu(), pred_score_thr)
        self.annotator.update_history(frame.boxes, frame.ids, semantics=frame.semantics)

    def _predictions(self, sample: TrackDataSample, threshold: float) -> _Predictions:
        if sample.metainfo.get('frame_id', 0) == 0:
            self.annotator.reset()
        tracks = sample.pred_track_instances
        tracks = tracks[tracks.scores > threshold]
        return _Predictions(
            boxes=tracks.bboxes.numpy(),
            ids=tracks.instances_id.numpy(),
            scores=tracks.scores.numpy(),
            semantics=sample.metainfo.get('semantics') or {},
        )

    def _draw_predictions(
        self, image: np.ndarray, sample: TrackDataSample, threshold: float
    ) -> np.ndarray:
        frame = self._predictions(sample, threshold)
        self.annotator.update_history(frame.boxes, frame.ids, semantics=frame.semantics)
        return self.annotator.draw(
            image, frame.boxes, frame.ids, scores=frame.scores, semantics=frame.semantics
        )
