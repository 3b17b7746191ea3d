"""How clips with label maps are varied in training (HQTrack, as published)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS
from PIL import Image
from torchvision import transforms as tv

from .clip_dataset import objects_of_first
from .layouts import IGNORED

FILL = (104, 116, 124)  # BGR, about the mean picture


@TRANSFORMS.register_module()
class ScaleAndCropClip(BaseTransform):
    """Scale a clip at random and cut a square from it, the same for all frames.

    Args:
        size: Side of the square in pixels, 16 k + 1.
        short_edge: Side to which the shorter edge is scaled before the random factor.
        scale: Least and greatest random factor. A wider range trains for more sizes of objects.
        min_pixels: An object of the first frame should have more pixels than this in the square.
        tries: How often a place is drawn for that. Raising it leaves fewer crops without objects,
            and costs time.
        max_objects: Of more objects, so many are kept.
    """

    def __init__(
        self,
        *,
        size: int = 465,
        short_edge: int = 480,
        scale: tuple[float, float] = (0.7, 1.3),
        min_pixels: int = 100,
        tries: int = 5,
        max_objects: int = 10,
    ) -> None:
        self.size, self.short_edge, self.scale = size, short_edge, scale
        self.min_pixels, self.tries, self.max_objects = min_pixels, tries, max_objects

    def transform(self, results: dict) -> dict:
        """Scale and cut ``images`` and ``labels``."""
        height, width = results['labels'][0].shape
        factor = self.short_edge * np.random.uniform(*self.scale) / min(height, width)
        size = (round(width * factor), round(height * factor))
        images = [
            cv2.resize(image, size, interpolation=cv2.INTER_CUBIC) for image in results['images']
        ]
        labels = [
            cv2.resize(label, size, interpolation=cv2.INTER_NEAREST) for label in results['labels']
        ]
        row, column = self._place(labels[0])
        cut = np.s_[row : row + self.size, column : column + self.size]
        results['images'] = [self._fill(image[cut], FILL) for image in images]
        labels = [self._fill(label[cut], IGNORED) for label in labels]
        results['labels'] = objects_of_first(labels, self.max_objects)
        return results

    def _place(self, label: np.ndarray) -> tuple[int, int]:
        spare = [max(0, side - self.size) for side in label.shape]
        for _ in range(self.tries):
            row, column = (np.random.randint(one + 1) for one in spare)
            part = label[row : row + self.size, column : column + self.size]
            pixels = np.bincount(part[part < IGNORED], minlength=1)[1:]
            if (pixels > self.min_pixels).any():
                break
        self._corner = [np.random.rand(), np.random.rand()]
        return row, column

    def _fill(self, part: np.ndarray, value: int | Sequence[int]) -> np.ndarray:
        missing = [self.size - side for side in part.shape[:2]]
        before = [round(share * one) for share, one in zip(self._corner, missing)]
        after = [one - first for one, first in zip(missing, before)]
        return cv2.copyMakeBorder(
            part, before[0], after[0], before[1], after[1], cv2.BORDER_CONSTANT, value=value
        )


@TRANSFORMS.register_module()
class VaryColours(BaseTransform):
    """Brightness and colours, grey, blur: drawn anew for each frame.

    Args:
        jitter: Ranges of brightness, contrast, saturation and hue. Wider ranges train for more
            kinds of light, farther from the pictures as they are.
        jitter_probability: Of a change of colours. Raising it changes more clips.
        grey_probability: Of a grey picture. Raising it makes the network depend less on colour.
        blur_probability: Of a Gaussian blur. Raising it trains more for blurred video.
        blur_sigma: Least and greatest sigma of the blur in pixels. Raising it blurs more.
    """

    def __init__(
        self,
        *,
        jitter: tuple[float, float, float, float] = (0.4, 0.4, 0.2, 0.1),
        jitter_probability: float = 0.8,
        grey_probability: float = 0.2,
        blur_probability: float = 0.3,
        blur_sigma: tuple[float, float] = (0.1, 2.0),
    ) -> None:
        self.jitter = tv.ColorJitter(*jitter)
        self.jitter_probability = jitter_probability
        self.grey_probability = grey_probability
        self.blur_probability = blur_probability
        self.blur_sigma = blur_sigma

    def transform(self, results: dict) -> dict:
        """Vary ``images``."""
        results['images'] = [self._vary(image) for image in results['images']]
        return results

    def _vary(self, image: np.ndarray) -> np.ndarray:
        if np.random.rand() < self.jitter_probability:
            rgb = self.jitter(Image.fromarray(np.ascontiguousarray(image[..., ::-1])))
            image = np.ascontiguousarray(np.asarray(rgb)[..., ::-1])
        if np.random.rand() < self.grey_probability:
            image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        if np.random.rand() < self.blur_probability:
            image = cv2.GaussianBlur(image, (0, 0), np.random.uniform(*self.blur_sigma))
        return image


@TRANSFORMS.register_module()
class FlipClip(BaseTransform):
    """Mirror a whole clip.

    Args:
        probability: Of a mirrored clip. 0.5 shows both directions equally often.
    """

    def __init__(self, probability: float = 0.5) -> None:
        self.probability = probability

    def transform(self, results: dict) -> dict:
        """Mirror ``images`` and ``labels``."""
        if np.random.rand() < self.probability:
            for key in ('images', 'labels'):
                results[key] = [np.ascontiguousarray(one[:, ::-1]) for one in results[key]]
        return results
