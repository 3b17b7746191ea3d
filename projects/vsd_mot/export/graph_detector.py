"""An exported detector by itself, for any tracker that takes detections."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from torchvision.ops import batched_nms

from ..errors import ExportError
from .manifest import Manifest
from .runtimes import OnnxRuntime, Runtime


class GraphDetector:
    """A function from a picture to its detections, computed by an exported graph.

    It is what ``track_video(proposals=...)`` takes. Pictures of any size are resized to the one
    that was exported; thresholds and classes are those of the export.

    Args:
        folder: What ``vsd-mot export`` has written, of a detector or of a tracker whose detector
            has a graph of its own.
        runtime: Runs the graph; None takes ONNX Runtime.

    Raises:
        ExportError: There is no such graph, or it cannot be run.
    """

    def __init__(self, folder: str | Path, runtime: Runtime | None = None) -> None:
        manifest = Manifest.read(Path(folder))
        if manifest.detector_size is None:
            raise ExportError(
                f'{folder} has no detector by itself: export one (vsd-mot export DETECTOR_CONFIG '
                'CHECKPOINT)'
            )
        self.size = manifest.detector_size
        self.settings = manifest.detection
        self.graph = (runtime or OnnxRuntime()).load(Path(folder) / 'detector.onnx')

    def __call__(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """Detect on a picture.

        Args:
            picture: (H, W, 3) uint8 BGR.

        Returns:
            ``boxes`` (P, 4) (x_min, y_min, x_max, y_max) in its pixels, ``scores`` (P,) and
            ``labels`` (P,), best first.
        """
        height, width = self.size
        resized = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
        frames = np.ascontiguousarray(resized[..., ::-1].transpose(2, 0, 1)[None])
        raw = self.graph(frames=frames)
        boxes, scores, labels = (
            torch.from_numpy(raw[name][0]) for name in ('boxes', 'scores', 'labels')
        )
        wanted = torch.isin(labels, labels.new_tensor(self.settings['keep_labels']))
        likely = scores > max(self.settings['score_thr'], self.settings['head_score_thr'])
        chosen = torch.nonzero(wanted & likely).flatten()
        kept = batched_nms(
            boxes[chosen], scores[chosen], labels[chosen], self.settings['iou_threshold']
        )
        chosen = chosen[kept]
        scale = np.tile([picture.shape[1] / width, picture.shape[0] / height], 2)
        return dict(
            boxes=boxes[chosen].numpy() * scale,
            scores=scores[chosen].clip(0, 1).numpy(),
            labels=labels[chosen].numpy(),
        )
