"""The corruptions by name."""

from __future__ import annotations

from .base import Corruption
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
    name: str, severity: int, *, seed: int = 0, cache_dir: str | None = None
) -> Corruption:
    """Make a corruption by its name.

    Args:
        name: A key of ``CORRUPTIONS``.
        severity: 1 to 5. Raising it makes the frame worse.
        seed: Another one gives another course of the same corruption.
        cache_dir: Folder for encoded videos.

    Returns:
        The corruption.

    Raises:
        ValueError: If there is no such corruption or severity.
    """
    if name not in CORRUPTIONS:
        raise ValueError(f'there is no corruption {name!r}; known: {", ".join(CORRUPTIONS)}')
    if name == 'h264':
        return H264(severity, seed, cache_dir)
    return CORRUPTIONS[name](severity, seed)
