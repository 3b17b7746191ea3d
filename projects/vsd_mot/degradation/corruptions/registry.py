"""The corruptions by name."""

from __future__ import annotations

from .base import Corruption
from .codec import H264, CodecCorruption, H264Stream, H265Stream
from .lens import LensDrops
from .night import NightInfrared
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
from .profiles import PROFILES, Profile
from .shake import ShakyCamera
from .temporal import FrozenFrames, LostFrames, LowFrameRate, Outage
from .weather import Fog, Rain, Snow

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
    'snow': Snow,
    'lens_drops': LensDrops,
    'night_infrared': NightInfrared,
    'shaky_camera': ShakyCamera,
    'h264_stream': H264Stream,
    'h265_stream': H265Stream,
    'low_frame_rate': LowFrameRate,
    'lost_frames': LostFrames,
    'outage': Outage,
}

# As tables and pictures name them; the others are named as they are.
PRINTED_NAMES = {
    'jpeg': 'JPEG',
    'h264': 'H.264',
    'real_esrgan': 'Real-ESRGAN',
    'lens_drops': 'Drops on the lens',
    'night_infrared': 'Night, infrared',
    'shaky_camera': 'Shaky camera',
    'h264_stream': 'H.264, lost packets',
    'h265_stream': 'H.265, lost packets',
    'low_frame_rate': 'Low frame rate',
    'cctv-6fps': 'CCTV, 6 fps',
    'night-ir': 'Night IR camera',
    'bodycam': 'Body camera',
    'low-bitrate': 'Low bitrate',
}


def printed_name(name: str) -> str:
    """Return the name of a corruption or profile in print."""
    return PRINTED_NAMES.get(name, name.replace('_', ' ').capitalize())


def build_corruption(
    name: str, severity: int, *, seed: int = 0, cache_dir: str | None = None
) -> Corruption:
    """Make a corruption or a profile by its name.

    Args:
        name: A key of ``CORRUPTIONS`` or ``PROFILES``.
        severity: 1 to 5. Raising it makes the frame worse.
        seed: Another one gives another course of the same corruption.
        cache_dir: Folder for encoded videos.

    Returns:
        The corruption.

    Raises:
        ValueError: If there is no such corruption or severity.
    """
    kinds: dict[str, type[Corruption]] = {**CORRUPTIONS, **PROFILES}
    if name not in kinds:
        raise ValueError(f'there is no corruption {name!r}; known: {", ".join(kinds)}')
    kind = kinds[name]
    if issubclass(kind, CodecCorruption | Profile):
        return kind(severity, seed, cache_dir=cache_dir)
    return kind(severity, seed)
