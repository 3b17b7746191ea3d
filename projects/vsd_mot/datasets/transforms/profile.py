"""Cameras of the profiles in training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from ...degradation.corruptions import PROFILES, SEVERITIES
from .corruption import CorruptFrame


@TRANSFORMS.register_module()
class RandomProfile(BaseTransform):
    """Degrade a clip by a camera of a profile that is drawn at random.

    Stands where :class:`RandomDegradation` does: after loading, before the geometry. Which frames a
    camera loses does not matter here: clips are drawn with steps
    (``MOTClipDataset(max_step_seconds=)``). Profiles that compress encode each video once for each
    severity and camera, into ``cache_dir``.

    Required Keys:

    - img, img_path, frame_id

    Modified Keys:

    - img

    Added Keys:

    - teacher_img (as ``img`` was before): only with ``keep_clean``

    Args:
        profiles: Keys of ``PROFILES``, drawn with equal probability.
        prob: Probability that a clip is degraded. Raising it trains more for low quality, at the
            cost of clean video.
        severities: Drawn from.
        cameras: Number of cameras of each profile. Raising it shows more of them, and fills the
            cache.
        keep_clean: Keep the clean frames as ``teacher_img``.
        cache_dir: Folder for encoded videos.
    """

    def __init__(
        self,
        profiles: Sequence[str] = tuple(PROFILES),
        *,
        prob: float = 1.0,
        severities: Sequence[int] = SEVERITIES,
        cameras: int = 4,
        keep_clean: bool = False,
        cache_dir: str | None = None,
    ) -> None:
        if unknown := sorted(set(profiles) - set(PROFILES)):
            raise ValueError(f'there is no profile {unknown[0]!r}; known: {", ".join(PROFILES)}')
        if not 0 <= prob <= 1:
            raise ValueError(f'prob must lie in [0, 1], not {prob}')
        self.profiles = tuple(profiles)
        self.prob = prob
        self.severities = tuple(severities)
        self.cameras = cameras
        self.keep_clean = keep_clean
        self.cache_dir = cache_dir
        self._transforms: dict[tuple[str, int, int], CorruptFrame] = {}

    def transform(self, results: dict) -> dict:
        """Degrade ``img``."""
        # All are drawn always, so that the draws after this transform do not depend on them.
        chance = np.random.rand()
        profile = self.profiles[np.random.randint(len(self.profiles))]
        severity = self.severities[np.random.randint(len(self.severities))]
        camera = int(np.random.randint(self.cameras))
        if self.keep_clean:
            images = results['img']
            clip = isinstance(images, (list, tuple))
            results['teacher_img'] = [i.copy() for i in images] if clip else images.copy()
        if chance >= self.prob:
            return results
        key = (profile, severity, camera)
        if key not in self._transforms:
            self._transforms[key] = CorruptFrame(
                profile, severity, seed=camera, cache_dir=self.cache_dir
            )
        return self._transforms[key].transform(results)

    def __repr__(self) -> str:
        return f'{type(self).__name__}({", ".join(self.profiles)}, prob={self.prob})'
