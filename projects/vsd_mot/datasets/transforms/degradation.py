"""Degradation in training, in place of stored copies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from ...degradation.fluctuation import Fluctuation
from ...degradation.seeding import stream, video_name
from ...degradation.settings import DegradationSettings
from ...degradation.video import VideoDegradation


@TRANSFORMS.register_module()
class RandomDegradation(BaseTransform):
    """Degrade a clip coherently: one camera, whose quality moves with the frame number.

    It takes a clip (a dict of lists, as :class:`MOTClipDataset` makes it) or a single frame (a
    plain dict) after loading. Boxes stay true, for the size does not change. It stands before
    the geometry, so that a camera's pixels are those of the file.

    Draws come from NumPy's global generator, which MMEngine seeds in every worker: a run with
    the same seed and workers sees the same images. With a ``seed`` of its own the images are
    those of the set that ``make_lq.py --seed`` writes, whatever the workers.

    Required Keys:

    - img (uint8 or float32 0-255, (h, w, 3), BGR)
    - img_path (str), frame_id (int): only with ``seed``, or for the frame numbers of a clip

    Modified Keys:

    - img

    Added Keys:

    - teacher_img (as ``img`` was before): only with ``keep_clean``

    Args:
        prob: Probability that a clip (with ``seed``: a video) is degraded. Raising it trains more
            for low quality, at the cost of clean video.
        seed: Fixes every video's camera. None draws a new camera for each clip.
        settings: Probabilities and ranges of :class:`DegradationSettings`.
        fluctuation: Of :class:`Fluctuation`.
        keep_clean: Keep the clean frames as ``teacher_img``, which a distilling model
            shows its teacher. They keep the geometry of the file.
    """

    def __init__(
        self,
        prob: float = 1.0,
        *,
        seed: int | None = None,
        settings: Mapping | None = None,
        fluctuation: Mapping | None = None,
        keep_clean: bool = False,
    ) -> None:
        if not 0 <= prob <= 1:
            raise ValueError(f'prob must lie in [0, 1], not {prob}')
        self.prob = prob
        self.seed = seed
        self.settings = DegradationSettings.from_dict(settings)
        self.fluctuation = Fluctuation.from_dict(fluctuation)
        self.keep_clean = keep_clean

    def _camera(self, path: str | None) -> VideoDegradation | None:
        """Return the camera of a clip, or None where it stays clean."""
        if self.seed is None:
            # Both are drawn always, so that the draws after this transform do not depend on it.
            chance, seed, video = np.random.rand(), int(np.random.randint(2**31)), 'clip'
        else:
            if path is None:
                raise KeyError('RandomDegradation with a seed needs img_path: load from files')
            seed, video = self.seed, video_name(path)
            chance = stream(seed, video, 'degraded').random()
        if chance >= self.prob:
            return None
        return VideoDegradation(video, seed, settings=self.settings, fluctuation=self.fluctuation)

    def transform(self, results: dict) -> dict:
        """Degrade ``img``."""
        clip = isinstance(results['img'], (list, tuple))
        images = list(results['img']) if clip else [results['img']]
        paths = results.get('img_path') if clip else [results.get('img_path')]
        numbers = results.get('frame_id', list(range(len(images))) if clip else 0)
        numbers = numbers if clip else [numbers]
        if self.keep_clean:
            # Later transforms may work in place.
            clean = [image.copy() for image in images]
            results['teacher_img'] = clean if clip else clean[0]
        camera = self._camera(paths[0] if paths else None)
        if camera is not None:
            images = [camera(image, number) for image, number in zip(images, numbers)]
            results['img'] = images if clip else images[0]
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(prob={self.prob}, seed={self.seed}, '
            f'keep_clean={self.keep_clean})'
        )
