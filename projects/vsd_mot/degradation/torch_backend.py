"""The same degradation on tensors, on any device.

Values are float32 grey levels and are clipped after every step as the uint8 form clips them, but
not rounded. The noise comes from torch's generators: the two forms agree in distribution, not in
bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .kernels import separate, trim
from .noise import POISSON_LEVELS
from .numpy_backend import scaled_size
from .parameters import FrameParams, KernelParams, NoiseParams, OrderParams
from .torch_jpeg import jpeg
from .torch_resize import resize

_GREY_WEIGHTS = {'bgr': (0.114, 0.587, 0.299), 'rgb': (0.299, 0.587, 0.114)}


def _mirror(image: Tensor, margin: int) -> Tensor:
    """Pad (C, H, W) by mirrored rows and columns, also where the image is smaller than that."""
    for axis in (1, 2):
        index = np.pad(np.arange(image.shape[axis]), margin, mode='reflect')
        image = image.index_select(axis, torch.from_numpy(index).to(image.device))
    return image


def blur(image: Tensor, params: KernelParams | None) -> Tensor:
    """Filter a tensor (3, H, W) with a kernel; None leaves it as it is."""
    if params is None:
        return image
    kernel = trim(params.build())
    margin = kernel.shape[0] // 2
    if margin == 0:
        return image
    factors = separate(kernel)
    # A column filter (k, 1) and a row filter (1, k), or the kernel as a whole.
    filters = [kernel] if factors is None else [factors[0][:, None], factors[1][None, :]]
    image = _mirror(image, margin)[:, None]  # (3, 1, H, W)
    for part in filters:
        weights = torch.as_tensor(np.ascontiguousarray(part), device=image.device)
        image = F.conv2d(image, weights[None, None])
    return image[:, 0].clamp(0, 255)


def add_noise(
    image: Tensor, params: NoiseParams, generator: torch.Generator, *, channel_order: str = 'bgr'
) -> Tensor:
    """Add Gaussian or Poisson noise to a tensor (3, H, W) and clip to [0, 255]."""
    if params.kind == 'gaussian':
        shape = (1 if params.grey else 3, *image.shape[1:])
        noise = torch.randn(shape, generator=generator, device=image.device)
    else:
        levels = image.round()
        if params.grey:
            weights = torch.tensor(_GREY_WEIGHTS[channel_order], device=image.device)
            levels = (levels * weights[:, None, None]).sum(0, keepdim=True).round()
        mean = levels * (POISSON_LEVELS / 255)
        noise = (torch.poisson(mean, generator=generator) - mean) * (255 / POISSON_LEVELS)
    return (image + params.strength * noise).clamp(0, 255)


def _order(
    image: Tensor,
    params: OrderParams,
    *,
    size: tuple[int, int],
    generator: torch.Generator,
    channel_order: str,
) -> Tensor:
    image = blur(image, params.blur)
    image = resize(image, scaled_size(size, params.scale), params.interpolation)
    return add_noise(image, params.noise, generator, channel_order=channel_order)


def _degrade_one(
    image: Tensor, params: FrameParams, generator: torch.Generator, *, channel_order: str
) -> Tensor:
    size = image.shape[1], image.shape[2]
    image = _order(image, params.first, size=size, generator=generator, channel_order=channel_order)
    image = jpeg(image, params.first.jpeg_quality, channel_order)
    image = _order(
        image, params.second, size=size, generator=generator, channel_order=channel_order
    )
    if not params.jpeg_last:
        image = jpeg(image, params.second.jpeg_quality, channel_order)
    image = blur(resize(image, size, params.final_interpolation), params.final_sinc)
    if params.jpeg_last:
        image = jpeg(image, params.second.jpeg_quality, channel_order)
    return image


@torch.no_grad()
def degrade(
    images: Tensor,
    params: Sequence[FrameParams],
    generators: Sequence[torch.Generator],
    *,
    channel_order: str = 'bgr',
) -> Tensor:
    """Degrade a batch; every frame has its own parameters, hence its own sizes on the way.

    Args:
        images: (B, 3, H, W) uint8, or float in grey levels 0-255, on any device.
        params: One for each frame.
        generators: One for each frame, on the images' device.
        channel_order: 'bgr' or 'rgb'.

    Returns:
        Degraded images of the same shape, type and device.

    Raises:
        ValueError: If the shape is not (B, 3, H, W) or the lengths differ.
    """
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f'the degradation takes tensors (B, 3, H, W), not {tuple(images.shape)}')
    if not len(images) == len(params) == len(generators):
        raise ValueError(
            f'{len(images)} images need as many parameters ({len(params)}) and '
            f'generators ({len(generators)})'
        )
    out = torch.empty_like(images)
    for index, (image, param, generator) in enumerate(zip(images, params, generators)):
        result = _degrade_one(image.float(), param, generator, channel_order=channel_order)
        out[index] = result if images.is_floating_point() else result.round()
    return out
