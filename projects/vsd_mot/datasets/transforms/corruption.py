"""Corruptions in a test pipeline."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from ...degradation.corruptions import Frame, build_corruption


@TRANSFORMS.register_module()
class CorruptFrame(BaseTransform):
    """Corrupt the frames of a validation set on the fly; it stands right after the loading.

    Takes single frames (plain dicts) and clips (dicts of lists).

    Required Keys:

    - img (uint8 or float32 0-255, (h, w, 3), BGR)
    - img_path (str)
    - frame_id (int); 0 where a still image has none, and recorded_frame_id where frames were lost

    Modified Keys:

    - img

    Args:
        corruption: A key of ``CORRUPTIONS`` or ``PROFILES``. Which frames it loses is a matter of
            the data set (``arrival`` of :class:`MOTClipDataset`).
        severity: 1 to 5, the higher the worse.
        seed: Of what is random in it; a video with one seed is always corrupted alike.
        cache_dir: Folder for encoded videos (H.264).
    """

    def __init__(
        self, corruption: str, severity: int, *, seed: int = 0, cache_dir: str | None = None
    ) -> None:
        self.name = corruption
        self.corruption = build_corruption(corruption, severity, seed=seed, cache_dir=cache_dir)

    def transform(self, results: dict) -> dict:
        """Corrupt ``img``."""
        if isinstance(results['img'], (list, tuple)):
            frames = zip(results['img'], results['img_path'], results['frame_id'])
            results['img'] = [self._corrupt(image, path, number) for image, path, number in frames]
        else:
            # A still image of a detector's data set has none.
            number = results.get('recorded_frame_id', results.get('frame_id', 0))
            results['img'] = self._corrupt(results['img'], results['img_path'], number)
        return results

    def _corrupt(self, image: np.ndarray, path: str, number: int) -> np.ndarray:
        return self.corruption(image, Frame(path, int(number)))

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.name}, severity={self.corruption.severity})'
