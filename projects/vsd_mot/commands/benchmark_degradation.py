"""Measure the degradation against its straightforward torch form.

The reference is what one would write first: every kernel as a padded 21 x 21 convolution, torch's
interpolation, ``torch.randn`` and ``torch.poisson``, and a differentiable-JPEG-like compression by
a dense 64 x 64 DCT matrix. Both get the same parameters and the same frames.

Example::

    python tools/analysis_tools/benchmark_degradation.py --size 1920 1080 --videos 20
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from skimage import data
from torch import Tensor

from ..degradation import FrameParams, KernelParams, OrderParams, VideoDegradation
from ..degradation.torch_jpeg import jpeg_tables

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
    frequency, place = torch.meshgrid(torch.arange(8), torch.arange(8), indexing='ij')
    cosines = torch.cos((2 * place + 1) * frequency * torch.pi / 16) / 2
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
def reference(image: np.ndarray, params: FrameParams) -> np.ndarray:
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


def measure(work: Callable[[int], object], jobs: int, threads: int) -> float:
    """Seconds per frame of ``work(number)`` over jobs, in that many threads."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(jobs)))
    return (time.perf_counter() - start) / jobs


def psnr(image: np.ndarray, other: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB."""
    return float(10 * np.log10(255**2 / np.mean((image.astype(float) - other) ** 2)))


def main(args: list[str] | None = None) -> None:
    """Run the measurement and print it, in words and as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--size', type=int, nargs=2, default=(1920, 1080), metavar=('W', 'H'))
    parser.add_argument('--videos', type=int, default=20, help='cameras, one frame of each')
    parser.add_argument('--cores', type=int, default=os.cpu_count())
    options = parser.parse_args(args)

    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    image = cv2.resize(image, tuple(options.size), interpolation=cv2.INTER_CUBIC)
    cameras = [VideoDegradation(f'video {number}') for number in range(options.videos)]

    # Ours works on one frame per core, as make_lq does; OpenCV releases Python's lock.
    cv2.setNumThreads(1)
    cameras[0](image, 0)  # fill the tables
    ours = measure(lambda i: cameras[i](image, 1), options.videos, options.cores)
    stored = measure(lambda i: cameras[i].to_jpeg(image, 1), options.videos, options.cores)
    # The reference uses all cores for one frame.
    torch.set_num_threads(options.cores)
    reference(image, cameras[0].params(1))
    slow = measure(lambda i: reference(image, cameras[i].params(1)), options.videos, 1)

    gaps = [
        psnr(image, camera(image, 1)) - psnr(image, reference(image, camera.params(1)))
        for camera in cameras[:5]
    ]
    result = dict(
        size=list(options.size),
        cores=options.cores,
        frames=options.videos,
        reference_seconds=round(slow, 4),
        ours_seconds=round(ours, 4),
        ours_with_file_seconds=round(stored, 4),
        speedup=round(slow / ours, 1),
        largest_psnr_gap_db=round(max(map(abs, gaps)), 2),
    )
    print(
        f'{options.size[0]} x {options.size[1]}, {options.cores} cores, {options.videos} cameras: '
        f'reference {slow:.3f} s/frame, ours {ours:.3f} s/frame ({1 / ours:.1f} frames/s), '
        f'{slow / ours:.1f} times as fast'
    )
    print(json.dumps(result))
