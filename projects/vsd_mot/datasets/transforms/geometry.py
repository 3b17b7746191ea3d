"""Flip, resize and crop of frames with objects and proposals.

One frame per call; ``ClipBroadcaster(share_random_params=True)`` around them gives all frames of a
clip the same draws. MMCV's and MMDetection's own transforms do not move proposals, and
MMDetection's crop leaves ``gt_instances_id`` unaligned with the boxes: use these in clip pipelines.
"""

from __future__ import annotations

import mmcv
import numpy as np
from mmcv.transforms import RandomFlip, Resize
from mmdet.datasets.transforms import RandomCrop
from mmtrack.registry import TRANSFORMS

from .box_fields import clip_boxes, has_area, keep_boxes, map_boxes


@TRANSFORMS.register_module()
class ClipRandomFlip(RandomFlip):
    """Flip the frame, its objects and its proposals.

    It has the arguments of :class:`mmcv.transforms.RandomFlip`; ``prob``, the probability of a
    flip, is 0.5 in the published recipe.
    """

    def _flip(self, results: dict) -> None:
        direction = results['flip_direction']
        flipped = mmcv.imflip(results['img'], direction=direction)
        # imflip returns a view with negative strides, which OpenCV cannot write to.
        results['img'] = np.ascontiguousarray(flipped)
        shape = results['img'].shape[:2]
        map_boxes(results, lambda boxes: self._flip_bbox(boxes, shape, direction))


def short_side_size(
    height: int, width: int, *, scale: int | tuple[int, int], rule: str = 'truncate'
) -> tuple[int, int]:
    """Size of a frame after its shorter side is brought to a length, the longer one limited.

    Args:
        height: Height in pixels.
        width: Width in pixels.
        scale: Length of the shorter side, or both limits in any order: the smaller number is for
            the shorter side, the larger one for the longer side. A larger frame shows smaller
            people and takes time in proportion to its area.
        rule: How the numbers become integers.

            - ``'truncate'``: the published inference. Sides are ``int(side * factor)``, so some
              heights give 799 where 800 was meant; parity needs it.
            - ``'detr'``: the published training (DETR's). The shorter side is exact, or
              ``round(long * min / max)`` where the longer side is at its limit; the other side is
              truncated.
            - ``'nearest'``: rounded, as MMCV does.

    Returns:
        New (height, width), each at least 1.

    Raises:
        ValueError: If the rule is not known.
    """
    short, long = (scale, None) if isinstance(scale, int) else (min(scale), max(scale))
    small, large = min(height, width), max(height, width)
    if rule == 'detr':
        if long is not None and large / small * short > long:
            short = round(long * small / large)
        if small == short:
            return height, width
        if width < height:
            return max(1, int(short * height / width)), max(1, short)
        return max(1, short), max(1, int(short * width / height))
    factor = short / small
    if long is not None and large * factor > long:
        factor = long / large
    if rule == 'truncate':
        return max(1, int(height * factor)), max(1, int(width * factor))
    if rule == 'nearest':
        return max(1, int(height * factor + 0.5)), max(1, int(width * factor + 0.5))
    raise ValueError(f"rule {rule!r} is not one of 'truncate', 'detr', 'nearest'")


@TRANSFORMS.register_module()
class ShortSideResize(Resize):
    """Resize the shorter side of a frame to a length, keeping the ratio, with a limit.

    Inference as published is ``ShortSideResize(scale=(1536, 800))``. Training as published is
    ``RandomChoiceResize(scales=[(1536, s) for s in range(608, 993, 32)],
    resize_type='ShortSideResize', rule='detr', backend='pillow')``: Pillow's bilinear filter is
    wider when it shrinks (antialiased), OpenCV's is not.

    Args:
        scale: As of :func:`short_side_size`.
        rule: As of :func:`short_side_size`.
        backend: 'cv2' or 'pillow'.
        interpolation: As of :func:`mmcv.imresize`.
    """

    def __init__(
        self,
        scale: int | tuple[int, int],
        *,
        rule: str = 'truncate',
        backend: str = 'cv2',
        interpolation: str = 'bilinear',
    ) -> None:
        super().__init__(scale=scale, backend=backend, interpolation=interpolation)
        # The parent would take a single number for a square.
        self.scale = scale
        self.rule = rule
        short_side_size(10, 10, scale=10, rule=rule)

    def transform(self, results: dict) -> dict:
        """Resize the frame, its objects and its proposals."""
        height, width = results['img'].shape[:2]
        new_height, new_width = short_side_size(height, width, scale=self.scale, rule=self.rule)
        results['img'] = mmcv.imresize(
            results['img'],
            (new_width, new_height),
            interpolation=self.interpolation,
            backend=self.backend,
        )
        factors = np.array([new_width / width, new_height / height], dtype=np.float32)
        map_boxes(results, lambda boxes: boxes * np.tile(factors, 2))
        results['img_shape'] = (new_height, new_width)
        results['scale'] = (new_width, new_height)
        results['scale_factor'] = (new_width / width, new_height / height)
        results['keep_ratio'] = True
        return results

    def __repr__(self) -> str:
        return (
            f'{self.__class__.__name__}(scale={self.scale}, rule={self.rule!r}, '
            f'backend={self.backend!r}, interpolation={self.interpolation!r})'
        )


@TRANSFORMS.register_module()
class ClipRandomCrop(RandomCrop):
    """Crop a random region; boxes are clipped to it and dropped where no area is left.

    The published training crop, after a resize of the shorter side to 800, 1000 or 1200 pixels, is
    ``ClipRandomCrop(crop_size=(800, 1200))``: width and height drawn independently from
    800..min(side, 1200). A crop without any object is a legitimate frame.

    Args:
        crop_size: As of :class:`mmdet.datasets.transforms.RandomCrop`.
        crop_type: As there.
    """

    def __init__(self, crop_size: tuple[int, int], crop_type: str = 'absolute_range') -> None:
        super().__init__(crop_size=crop_size, crop_type=crop_type, allow_negative_crop=True)

    def transform(self, results: dict) -> dict:
        """Crop the frame, its objects and its proposals."""
        height, width = results['img'].shape[:2]
        crop_height, crop_width = self._get_crop_size((height, width))
        top, left = self._rand_offset((height - crop_height, width - crop_width))
        return crop_frame(results, top=top, left=left, height=crop_height, width=crop_width)


def crop_frame(results: dict, *, top: int, left: int, height: int, width: int) -> dict:
    """Cut a region out of a frame, clip boxes to it and drop those without area.

    Args:
        results: The frame, changed in place.
        top: First row.
        left: First column.
        height: Rows.
        width: Columns.

    Returns:
        ``results``.
    """
    results['img'] = np.ascontiguousarray(results['img'][top : top + height, left : left + width])
    results['img_shape'] = (height, width)
    origin = np.array([left, top, left, top], dtype=np.float32)
    map_boxes(results, lambda boxes: clip_boxes(boxes - origin, height, width))
    keep_boxes(results, has_area)
    return results
