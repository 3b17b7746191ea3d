"""A still image becomes a clip."""

from __future__ import annotations

import mmcv
import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from .box_fields import ALIGNED_FIELDS, clip_boxes, has_area, keep_boxes, map_boxes

MOVED_FIELDS = [
    'img',
    *ALIGNED_FIELDS,
    *(name for names in ALIGNED_FIELDS.values() for name in names),
]


@TRANSFORMS.register_module()
class RandomShiftClip(BaseTransform):
    """Give a clip of equal frames the motion of a moving camera (CrowdHuman in MOTRv2).

    One shift of 1..``max_shift`` pixels with a random sign is drawn per axis and clip. Frame i is
    made from frame i - 1: the strip that the shift pushes out is cut off, and the rest is resized
    back to the frame's size. So the view drifts and zooms in, frame by frame.

    It takes the whole clip, a dict of lists, and stands after loading and before the other
    geometry. Clips of real video (``is_video_data``) pass unchanged, so one pipeline serves mixed
    data sets.

    Objects that leave the frame are dropped by their boxes in the new frame. (The published code
    compares these with the size of the cut-out, and so drops objects at the far edges too early.)

    Args:
        max_shift: Largest shift in pixels, 50 as published; a larger one makes faster motion.
            Never more than half of the frame is taken.
    """

    def __init__(self, max_shift: int = 50) -> None:
        if max_shift < 1:
            raise ValueError(f'max_shift must be at least 1 pixel, got {max_shift}')
        self.max_shift = max_shift

    def _draw(self, side: int) -> int:
        largest = max(1, min(self.max_shift, side // 2))
        sign = 1 if np.random.rand() < 0.5 else -1
        return sign * int(np.random.randint(1, largest + 1))

    def transform(self, results: dict) -> dict:
        """Shift frames 1..T-1 of a clip of stills."""
        if results['is_video_data'][0]:
            return results
        height, width = results['img'][0].shape[:2]
        y_shift, x_shift = self._draw(height), self._draw(width)
        frames = [{key: values[0] for key, values in results.items()}]
        for _ in results['img'][1:]:
            frames.append(shift_frame(frames[-1], y_shift, x_shift))
        for key in MOVED_FIELDS:
            if key in results:
                results[key] = [frame[key] for frame in frames]
        return results

    def __repr__(self) -> str:
        return f'{self.__class__.__name__}(max_shift={self.max_shift})'


def shift_frame(frame: dict, y_shift: int, x_shift: int) -> dict:
    """Make the next frame of a still by a shift of the view.

    Args:
        frame: A frame with ``img`` (h, w, 3) and any box fields. Not changed.
        y_shift: Pixels by which the content moves down (cut off at the bottom), or up where
            negative.
        x_shift: The same to the right, or left.

    Returns:
        The next frame, of the same size.
    """
    height, width = frame['img'].shape[:2]
    top, bottom = max(0, -y_shift), min(height, height - y_shift)
    left, right = max(0, -x_shift), min(width, width - x_shift)
    crop = np.ascontiguousarray(frame['img'][top:bottom, left:right])
    shifted = dict(frame, img=mmcv.imresize(crop, (width, height), backend='pillow'))

    origin = np.array([left, top, left, top], dtype=np.float32)
    factors = np.array([width / (right - left), height / (bottom - top)], dtype=np.float32)
    map_boxes(shifted, lambda boxes: (boxes - origin) * np.tile(factors, 2))
    keep_boxes(shifted, lambda boxes: has_area(clip_boxes(boxes, height, width)))
    return shifted
