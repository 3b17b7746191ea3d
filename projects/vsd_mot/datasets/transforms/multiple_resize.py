"""Resize to sides that a backbone divides without padding."""

from __future__ import annotations

import mmcv
import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from .box_fields import map_boxes


@TRANSFORMS.register_module()
class ResizeToMultiple(BaseTransform):
    """Fit a frame into a size, with sides that are multiples of a divisor.

    The ratio of the sides is kept up to half a divisor on each: 800 x 450 becomes 640 x 352, and
    people are 2 % wider. In return nothing is padded, so that boxes normalised by the frame's size
    fit the feature maps exactly.

    Args:
        scale: Largest width and height in pixels. Raising it finds smaller people and takes longer.
        divisor: Of both sides; the largest stride of the backbone. Raising it changes sizes and
            proportions more.
    """

    def __init__(self, scale: tuple[int, int], divisor: int = 32) -> None:
        self.scale = tuple(scale)
        self.divisor = divisor

    def transform(self, results: dict) -> dict:
        """Resize the frame, its objects and its proposals."""
        height, width = results['img'].shape[:2]
        factor = min(self.scale[0] / width, self.scale[1] / height)
        new_width, new_height = (
            max(1, round(side * factor / self.divisor)) * self.divisor for side in (width, height)
        )
        results['img'] = mmcv.imresize(results['img'], (new_width, new_height))
        factors = np.array([new_width / width, new_height / height] * 2, dtype=np.float32)
        map_boxes(results, lambda boxes: boxes * factors)
        results['img_shape'] = (new_height, new_width)
        results['scale'] = (new_width, new_height)
        results['scale_factor'] = (new_width / width, new_height / height)
        results['keep_ratio'] = False
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(scale={self.scale}, divisor={self.divisor})'
