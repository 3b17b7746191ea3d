"""MMTracking's visualizer with stable colours, trails, and frame quality drawn in."""

from __future__ import annotations

import mmcv
import numpy as np
from mmengine.dist import master_only
from mmengine.structures import InstanceData
from mmtrack.registry import VISUALIZERS
from mmtrack.structures import TrackDataSample
from mmtrack.visualization import TrackLocalVisualizer

from .annotator import TrackAnnotator
from .drawing import draw_tracks


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
        fps: float = 30.0,
        trail_seconds: float = 1.5,
        strip_seconds: float = 10.0,
        show_scores: bool = True,
        **kwargs,
    ) -> None:
        super().__init__(name, **kwargs)
        self.annotator = TrackAnnotator(fps, trail_seconds, strip_seconds, show_scores)

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
            wait_time: Seconds that the window waits.
            out_file: Where to save the picture.
            pred_score_thr: Tracks at or below this score are not drawn.
            step: Number of the picture for the visual backends.
        """
        image = np.ascontiguousarray(image[..., ::-1])
        pictures = []
        if data_sample is not None:
            sample = data_sample.cpu()
            truth = sample.get('gt_instances')
            if draw_gt and truth is not None and 'instances_id' in truth and 'bboxes' in truth:
                pictures.append(self._draw_truth(image, truth, sample.metainfo))
            if draw_pred and 'pred_track_instances' in sample:
                pictures.append(self._draw_prediction(image, sample, pred_score_thr))
        drawn = np.concatenate(pictures, axis=1) if pictures else image
        if show:
            self.show(drawn[..., ::-1], win_name=name, wait_time=wait_time)
        else:
            self.add_image(name, np.ascontiguousarray(drawn[..., ::-1]), step)
        if out_file is not None:
            mmcv.imwrite(drawn, out_file)

    @staticmethod
    def _draw_truth(image: np.ndarray, truth: InstanceData, metainfo: dict) -> np.ndarray:
        """Ground truth is in pixels of the network's input; bring it back to the picture's."""
        boxes = np.asarray(truth.bboxes, np.float32).reshape(-1, 4)
        scale = np.tile(np.asarray(metainfo.get('scale_factor', (1.0, 1.0)), np.float32), 2)
        return draw_tracks(image, boxes / scale, np.asarray(truth.instances_id))

    @master_only
    def remember(self, data_sample: TrackDataSample, pred_score_thr: float = 0.3) -> None:
        """Take a frame into trails and curves without drawing it.

        Args:
            data_sample: As :meth:`add_datasample`.
            pred_score_thr: As :meth:`add_datasample`.
        """
        self.annotator.remember(*self._tracks(data_sample.cpu(), pred_score_thr))

    def _tracks(self, sample: TrackDataSample, threshold: float) -> tuple:
        if sample.metainfo.get('frame_id', 0) == 0:
            self.annotator.reset()
        tracks = sample.pred_track_instances
        tracks = tracks[tracks.scores > threshold]
        known = sample.metainfo.get('semantics') or {}
        boxes, ids = tracks.bboxes.numpy(), tracks.instances_id.numpy()
        return boxes, ids, tracks.scores.numpy(), known

    def _draw_prediction(
        self, image: np.ndarray, sample: TrackDataSample, threshold: float
    ) -> np.ndarray:
        return self.annotator.annotate(image, *self._tracks(sample, threshold))
