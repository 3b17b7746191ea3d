"""Baseline JPEG (4:2:0) on tensors: the lossy steps of libjpeg without the entropy coding."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# ITU-T T.81, annex K, tables K.1 and K.2.
_LUMINANCE = (
    '16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 '
    '62 18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 '
    '98 112 100 103 99'
)
_CHROMINANCE = (
    '17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 '
    '99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 '
    '99 99'
)


@lru_cache(maxsize=256)
def _quantisation(table: str, quality: int) -> Tensor:
    """(8, 8) quantisation steps at a quality of 1 to 100, as libjpeg scales them."""
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality
    steps = (np.array(table.split(), np.int64) * factor + 50) // 100
    return torch.from_numpy(steps.clip(1, 255).reshape(8, 8).astype(np.float32))


def jpeg_tables(quality: int) -> tuple[Tensor, Tensor, Tensor]:
    """Quantisation steps (8, 8) of Y, Cb and Cr at a quality of 1 to 100."""
    chroma = _quantisation(_CHROMINANCE, quality)
    return _quantisation(_LUMINANCE, quality), chroma, chroma


@lru_cache(maxsize=1)
def _cosines() -> Tensor:
    """(8, 8) orthonormal DCT-II matrix, one frequency per row."""
    frequency, position = np.mgrid[:8, :8]
    matrix = np.cos((2 * position + 1) * frequency * np.pi / 16) / 2
    matrix[0] /= np.sqrt(2)
    return torch.from_numpy(matrix.astype(np.float32))


@lru_cache(maxsize=2)
def _to_ycc(channel_order: str) -> Tensor:
    matrix = np.array(
        [
            [0.299, 0.587, 0.114],
            [-0.168735892, -0.331264108, 0.5],
            [0.5, -0.418687589, -0.081312411],
        ],
        np.float32,
    )
    return torch.from_numpy(matrix if channel_order == 'rgb' else matrix[:, ::-1].copy())


@lru_cache(maxsize=2)
def _from_ycc(channel_order: str) -> Tensor:
    return torch.linalg.inv(_to_ycc(channel_order))


def _compress(plane: Tensor, steps: Tensor) -> Tensor:
    """Quantise a plane (H, W), centred on 0 and a multiple of 8 in size, and restore it."""
    cosines = _cosines().to(plane.device)
    height, width = plane.shape
    blocks = plane.reshape(height // 8, 8, width // 8, 8).transpose(1, 2)
    coefficients = cosines @ blocks @ cosines.T
    coefficients = (coefficients / steps).round() * steps
    blocks = cosines.T @ coefficients @ cosines
    plane = blocks.transpose(1, 2).reshape(height, width)
    return plane.round().clamp(-128, 127)


def jpeg(image: Tensor, quality: int, channel_order: str = 'bgr') -> Tensor:
    """Compress and decompress a tensor.

    Args:
        image: (3, H, W) float in grey levels 0-255.
        quality: 1 to 100.
        channel_order: 'bgr' or 'rgb'.

    Returns:
        (3, H, W), whole grey levels.
    """
    _, height, width = image.shape
    # Edge pixels are repeated up to whole blocks of 16, as libjpeg does.
    padded = F.pad(image.round()[None], (0, -width % 16, 0, -height % 16), mode='replicate')[0]
    matrix = _to_ycc(channel_order).to(image.device)
    ycc = torch.tensordot(matrix, padded, dims=1).round()
    ycc[0] -= 128
    luminance, chrominance, _ = (table.to(image.device) for table in jpeg_tables(quality))
    small = F.avg_pool2d(ycc[None, 1:], 2)[0].round().clamp(-128, 127)
    chroma = torch.stack([_compress(plane, chrominance) for plane in small])
    # libjpeg's "fancy upsampling" is bilinear interpolation between the centres; it works on
    # the unpadded picture.
    chroma = chroma[:, : (height + 1) // 2, : (width + 1) // 2]
    chroma = F.interpolate(chroma[None], scale_factor=2, mode='bilinear', align_corners=False)[0]
    out = torch.cat(
        [_compress(ycc[0], luminance)[None, :height, :width] + 128, chroma[:, :height, :width]]
    )
    back = _from_ycc(channel_order).to(image.device)
    return torch.tensordot(back, out, dims=1).round().clamp(0, 255)
