"""A video's degradation: one camera, whose quality moves from frame to frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import numpy_backend, torch_backend
from .fluctuation import Fluctuation, LatentQuality
from .parameters import FrameParams, draw_params
from .seeding import cdf, normal, stream, torch_seed
from .settings import DegradationSettings, Range

# Changes whenever the same seed would make other images.
DEGRADATION_VERSION = 1


class VideoDegradation:
    """Degrade the frames of one video, coherently, in any order and in any process.

    The result depends on the seed, the video's name, the frame number and the settings alone.

    Args:
        video: Name of the video, as of its folder.
        seed: Seed of the whole set.
        settings: Probabilities and ranges; None means the published numbers.
        fluctuation: What is drawn once per video and what moves; None means the default.
        shift: Makes every frame worse (positive) or better by that many latent standard
            deviations.
        channel_order: 'bgr' (as mmcv and OpenCV load) or 'rgb'.

    Examples:
        >>> camera = VideoDegradation('MOT17-02', seed=1)
        >>> degraded = camera(image, frame=0)  # numpy (H, W, 3), uint8 or float32
        >>> clip = camera.tensor(images, frames=range(5))  # tensor (5, 3, H, W), any device
    """

    def __init__(
        self,
        video: str,
        seed: int = 0,
        *,
        settings: DegradationSettings | Mapping | None = None,
        fluctuation: Fluctuation | Mapping | None = None,
        shift: float = 0.0,
        channel_order: str = 'bgr',
    ) -> None:
        if channel_order not in ('bgr', 'rgb'):
            raise ValueError(f"channel_order must be 'bgr' or 'rgb', not {channel_order!r}")
        self.video, self.seed, self.shift = video, seed, shift
        self.settings = DegradationSettings.from_dict(settings)
        self.fluctuation = Fluctuation.from_dict(fluctuation)
        self.channel_order = channel_order
        self._quality = LatentQuality(video, seed, self.fluctuation)
        self._bases: dict[tuple[str, int], float] = {}

    def _base(self, name: str, camera: int) -> float:
        """Return the camera's own standard normal value of a parameter."""
        if (name, camera) not in self._bases:
            rng = stream(self.seed, self.video, f'base/{name}', index=camera)
            self._bases[name, camera] = float(normal(rng))
        return self._bases[name, camera]

    def params(self, frame: int) -> FrameParams:
        """Return what is done to a frame (numbered from 0).

        Raises:
            ValueError: If the frame number is negative.
        """
        if frame < 0:
            raise ValueError(f'frames are numbered from 0, not {frame}')
        # A new camera in every frame, or camera 0 for the whole video.
        camera = frame if self.fluctuation.camera == 'frame' else 0

        def draw(name: str, group: str, bounds: Range, *, worse: int) -> float:
            base = self._base(name, camera)
            latent = self._quality(group, base=base, name=name, frame=frame)
            quantile = float(cdf(latent + self.shift))
            quantile = quantile if worse > 0 else 1 - quantile
            return bounds[0] + quantile * (bounds[1] - bounds[0])

        rng = stream(self.seed, self.video, 'camera', index=camera)
        return draw_params(rng, self.settings, draw)

    def rng(self, frame: int) -> np.random.Generator:
        """Return the source of a frame's noise."""
        return stream(self.seed, self.video, 'noise', index=frame)

    def __call__(self, image: np.ndarray, frame: int) -> np.ndarray:
        """Degrade an image (H, W, 3), uint8 or float32 (0-255); shape and type stay."""
        return numpy_backend.degrade(
            image, self.params(frame), self.rng(frame), channel_order=self.channel_order
        )

    def to_jpeg(self, image: np.ndarray, frame: int, quality: int = 95) -> bytes:
        """Degrade a uint8 image into the bytes of a JPEG file.

        Args:
            image: (H, W, 3) uint8.
            frame: Frame number, from 0.
            quality: Used where the degradation does not itself end with a JPEG.
        """
        return numpy_backend.degrade_to_jpeg(
            image,
            self.params(frame),
            self.rng(frame),
            quality=quality,
            channel_order=self.channel_order,
        )

    def tensor(self, images: Tensor, frames: Sequence[int]) -> Tensor:
        """Degrade a batch of frames on their device.

        Args:
            images: (B, 3, H, W) uint8, or float in grey levels 0-255.
            frames: The B frame numbers.

        Returns:
            Degraded frames of the same shape, type and device.
        """
        generators = []
        for frame in frames:
            generator = torch.Generator(device=images.device)
            generators.append(
                generator.manual_seed(torch_seed(self.seed, self.video, 'noise', index=frame))
            )
        params = [self.params(frame) for frame in frames]
        return torch_backend.degrade(images, params, generators, channel_order=self.channel_order)


def degrade_image(image: np.ndarray, seed: int = 0, **kwargs: Any) -> np.ndarray:
    """Degrade a single image by a random camera.

    Args:
        image: (H, W, 3) uint8, or float32 in grey levels 0-255.
        seed: The camera and its noise.
        **kwargs: Further arguments of :class:`VideoDegradation`.

    Returns:
        Degraded image of the same shape and type.
    """
    return VideoDegradation('image', seed, **kwargs)(image, frame=0)
