"""The degradation as one would write it first, in torch: the reference of its benchmark.

Every kernel is a padded 21 x 21 convolution, resizing is torch's interpolation, noise comes from
``torch.randn`` and ``torch.poisson``, and compression is a differentiable-JPEG-like one by a dense
64 x 64 DCT matrix.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...degradation import FrameParams, KernelParams, OrderParams
from ...degradation.torch_jpeg import jpeg_tables

KERNEL = 21


def _convolve(image: Tensor, params: KernelParams | None) -> Tensor:
    """Return a dense 21 x 21 convolution of (1, 3, H, W), whatever the kernel."""
    kernel = np.zeros((KERNEL, KERNEL), np.float32)
    kernel[KERNEL // 2, KERNEL // 2] = 1
    if params is not None:
        small = params.build()
        margin = (KERNEL - len(small)) // 2
        kernel[margin : KERNEL - margin, margin : KERNEL - margin] = small
    weight = torch.from_numpy(kernel)[None, None].expand(3, 1, KERNEL, KERNEL)
    image = F.pad(image, (KERNEL // 2,) * 4, mode='reflect')
    return F.conv2d(image, weight, groups=3)


def _interpolate(image: Tensor, size: tuple[int, int], mode: str) -> Tensor:
    align = None if mode == 'area' else False
    return F.interpolate(image, size, mode=mode, align_corners=align)


def _noise(image: Tensor, params: OrderParams) -> Tensor:
    noise = params.noise
    if noise.kind == 'gaussian':
        channels = 1 if noise.grey else 3
        added = torch.randn(1, channels, *image.shape[2:]) * noise.strength
    else:
        levels = image.mean(1, keepdim=True) if noise.grey else image
        mean = levels.clamp(0, 255).round() / 255 * 256
        added = (torch.poisson(mean) - mean) / 256 * 255 * noise.strength
    return (image + added).clamp(0, 255)


def _jpeg(image: Tensor, quality: int) -> Tensor:
    """Return the lossy part of JPEG (4:2:0) on (1, 3, H, W), by one 64 x 64 matrix per block."""
    height, width = image.shape[2:]
    image = F.pad(image, (0, -width % 16, 0, -height % 16))
    weights = torch.tensor(
        [[0.114, 0.587, 0.299], [0.5, -0.331264, -0.168736], [-0.081312, -0.418688, 0.5]]
    )
    ycc = torch.einsum('ij,bjhw->bihw', weights, image)
    frequency, position = torch.meshgrid(torch.arange(8), torch.arange(8), indexing='ij')
    cosines = torch.cos((2 * position + 1) * frequency * torch.pi / 16) / 2
    cosines[0] /= 2**0.5
    transform = torch.kron(cosines, cosines)
    planes = []
    for plane, steps in zip(
        (ycc[:, :1] - 128, F.avg_pool2d(ycc[:, 1:2], 2), F.avg_pool2d(ycc[:, 2:], 2)),
        jpeg_tables(quality),
    ):
        blocks = F.unfold(plane, 8, stride=8)
        coefficients = torch.einsum('ij,bjn->bin', transform, blocks)
        steps = steps.reshape(1, 64, 1)
        coefficients = (coefficients / steps).round() * steps
        blocks = torch.einsum('ji,bjn->bin', transform, coefficients)
        planes.append(F.fold(blocks, plane.shape[2:], 8, stride=8))
    chroma = F.interpolate(torch.cat(planes[1:], 1), scale_factor=2, mode='nearest')
    ycc = torch.cat([planes[0] + 128, chroma], 1)
    image = torch.einsum('ij,bjhw->bihw', torch.linalg.inv(weights), ycc)
    return image[:, :, :height, :width].clamp(0, 255)


@torch.no_grad()
def degrade_plainly(image: np.ndarray, params: FrameParams) -> np.ndarray:
    """Return the straightforward torch form.

    Args:
        image: (H, W, 3) uint8 BGR.
        params: What to do.

    Returns:
        Degraded image, (H, W, 3) uint8 BGR.
    """
    height, width = image.shape[:2]
    out = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    for order in (params.first, params.second):
        out = _convolve(out, order.blur)
        size = max(1, int(height * order.scale)), max(1, int(width * order.scale))
        out = _noise(_interpolate(out, size, order.interpolation), order)
        if order is params.first:
            out = _jpeg(out, order.jpeg_quality)
    if params.jpeg_last:
        out = _interpolate(out, (height, width), params.final_interpolation)
        out = _jpeg(_convolve(out, params.final_sinc).clamp(0, 255), params.second.jpeg_quality)
    else:
        out = _jpeg(out, params.second.jpeg_quality)
        out = _interpolate(out, (height, width), params.final_interpolation)
        out = _convolve(out, params.final_sinc).clamp(0, 255)
    return out[0].round().to(torch.uint8).permute(1, 2, 0).numpy()
