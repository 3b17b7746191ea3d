"""Corruptions in a test pipeline."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmtrack.registry import TRANSFORMS

from .base import Corruption, Frame
from .optics import (
    Defocus,
    Downscaling,
    GaussianNoise,
    JpegCompression,
    LowContrast,
    LowLight,
    MotionBlur,
    RealEsrgan,
    ShotNoise,
)
from .temporal import H264, FrozenFrames
from .weather import Fog, Rain

# In the order of tables and pictures.
CORRUPTIONS: dict[str, type[Corruption]] = {
    'gaussian_noise': GaussianNoise,
    'shot_noise': ShotNoise,
    'defocus': Defocus,
    'motion_blur': MotionBlur,
    'low_light': LowLight,
    'low_contrast': LowContrast,
    'jpeg': JpegCompression,
    'h264': H264,
    'downscaling': Downscaling,
    'rain': Rain,
    'fog': Fog,
    'frozen_frames': FrozenFrames,
    'real_esrgan': RealEsrgan,
}


def build_corruption(
    name: str, severity: int, seed: int = 0, cache_dir: str | None = None
) -> Corruption:
    """Make a corruption by its name.

    Args:
        name (str): A key of ``CORRUPTIONS``.
        severity (int): 1 to 5.
        seed (int): Defaults to 0.
        cache_dir (str, optional): Folder for encoded videos.

    Raises:
        ValueError: If there is no such corruption or severity.
    """
    if name not in CORRUPTIONS:
        raise ValueError(f'there is no corruption {name!r}; known: {", ".join(CORRUPTIONS)}')
    if name == 'h264':
        return H264(severity, seed, cache_dir)
    return CORRUPTIONS[name](severity, seed)


@TRANSFORMS.register_module()
class CorruptFrame(BaseTransform):
    """Corrupt the frames of a validation set on the fly; it stands right after the loading.

    Takes single frames (plain dicts) and clips (dicts of lists).

    Required Keys:

    - img (uint8 or float32 0-255, (h, w, 3), BGR)
    - img_path (str)
    - frame_id (int)

    Modified Keys:

    - img

    Args:
        corruption (str): A key of ``CORRUPTIONS``.
        severity (int): 1 to 5.
        seed (int): Defaults to 0.
        cache_dir (str, optional): Folder for encoded videos (H.264).
    """

    def __init__(
        self, corruption: str, severity: int, seed: int = 0, cache_dir: str | None = None
    ) -> None:
        self.name = corruption
        self.corruption = build_corruption(corruption, severity, seed, cache_dir)

    def transform(self, results: dict) -> dict:
        """Corrupt ``img``."""
        if isinstance(results['img'], (list, tuple)):
            frames = zip(results['img'], results['img_path'], results['frame_id'])
            results['img'] = [self._corrupt(*frame) for frame in frames]
        else:
            results['img'] = self._corrupt(results['img'], results['img_path'], results['frame_id'])
        return results

    def _corrupt(self, image: np.ndarray, path: str, number: int) -> np.ndarray:
        return self.corruption(image, Frame(path, int(number)))

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.name}, severity={self.corruption.severity})'
