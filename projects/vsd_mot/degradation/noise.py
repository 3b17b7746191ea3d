"""Sensor noise on numpy images, fast: table look-ups in place of per-pixel distributions.

A look-up of a random integer in a table of a distribution's quantiles draws from that
distribution. Gaussian noise uses 65536 quantiles (tails to 4.3 sigma), Poisson noise the exact
inverse CDF of each of the 256 grey levels at 2048 quantiles (tails to 3.5 sigma).
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from scipy import special

from .parameters import NoiseParams

_GAUSSIAN_BITS = 16
_POISSON_BITS = 11
_STRIPE = 64  # rows
# The published function takes the next power of two above the number of distinct values in the
# frame, which is 256 for nearly every photograph. A constant keeps the noise of a video from
# jumping by sqrt(2) between frames.
POISSON_LEVELS = 256
GREY_CODES = {'bgr': cv2.COLOR_BGR2GRAY, 'rgb': cv2.COLOR_RGB2GRAY}


@lru_cache(maxsize=1)
def _gaussian_quantiles() -> np.ndarray:
    """(65536,) float64 quantiles of the standard normal distribution."""
    count = 1 << _GAUSSIAN_BITS
    return special.ndtri((np.arange(count) + 0.5) / count)


@lru_cache(maxsize=8)
def _poisson_quantiles(photons: float) -> np.ndarray:
    """(256, 2048) float32: quantiles of Poisson(v * photons / 255) minus the mean, as levels."""
    count = 1 << _POISSON_BITS
    points = (np.arange(count) + 0.5) / count
    table = np.empty((256, count), np.float32)
    for value in range(256):
        mean = value * photons / 255
        counts = np.arange(int(mean + 8 * np.sqrt(mean) + 8))
        table[value] = np.searchsorted(special.pdtr(counts, mean), points) - mean
    return table * np.float32(255 / photons)


def _random_integers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """uint16 integers of a shape, uniform over all 65536 values; raw bits are the fastest."""
    count = int(np.prod(shape))
    bits = rng.bit_generator.random_raw((count + 3) // 4).astype('<u8', copy=False)
    return bits.view('<u2')[:count].reshape(shape)


def _look_up_gaussian(table: np.ndarray, index: np.ndarray) -> np.ndarray:
    """``table[index]`` for a table of 65536 values and uint16 indices."""
    # OpenCV 5 looks 16 bits up five times as fast as numpy; the values are the same.
    if int(cv2.__version__.split('.')[0]) >= 5:
        return cv2.LUT(index.reshape(index.shape[0], -1), table).reshape(index.shape)
    return np.take(table, index)


def _look_up_poisson(table: np.ndarray, levels: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """``table[levels, columns]`` for a table (256, 2048), in stripes that stay in the cache."""
    values = np.empty(levels.shape, table.dtype)
    for top in range(0, len(levels), _STRIPE):
        stripe = slice(top, top + _STRIPE)
        index = np.left_shift(levels[stripe], _POISSON_BITS, dtype=np.intp)
        index |= columns[stripe]
        # 'clip' spares numpy a second buffer; nothing is out of range.
        np.take(table, index, out=values[stripe], mode='clip')
    return values


def _spread(noise: np.ndarray) -> np.ndarray:
    """Return the same noise (H, W) in three channels, (H, W, 3)."""
    return cv2.merge((noise, noise, noise))


def add_gaussian_noise(
    image: np.ndarray, sigma: float, *, grey: bool, rng: np.random.Generator
) -> np.ndarray:
    """Add Gaussian noise and clip to [0, 255].

    Args:
        image: (H, W, 3) uint8, or float32 in grey levels.
        sigma: Standard deviation in grey levels; raising it makes more noise.
        grey: The same noise in all channels.
        rng: Source of the noise.

    Returns:
        Image with noise, of the same shape and type.
    """
    table = sigma * _gaussian_quantiles()
    # On an integer image, rounding the noise is rounding the sum.
    table = np.rint(table).astype(np.int16) if image.dtype == np.uint8 else table.astype('f4')
    noise = _look_up_gaussian(table, _random_integers(rng, image.shape[: 2 if grey else 3]))
    return _add(image, _spread(noise) if grey else noise)


def add_poisson_noise(
    image: np.ndarray,
    scale: float,
    *,
    grey: bool,
    rng: np.random.Generator,
    channel_order: str = 'bgr',
    photons: float = POISSON_LEVELS,
) -> np.ndarray:
    """Add ``scale`` times the Poisson noise that the image's own brightness makes, and clip.

    Args:
        image: (H, W, 3) uint8, or float32 in grey levels.
        scale: Factor on the noise; raising it makes more noise.
        grey: Noise of the grey image, the same in all channels.
        rng: Source of the noise.
        channel_order: 'bgr' or 'rgb', for the grey image.
        photons: Counts that make white; raising it makes less noise.

    Returns:
        Image with noise, of the same shape and type.
    """
    levels = image if image.dtype == np.uint8 else np.rint(image).clip(0, 255).astype(np.uint8)
    if grey:
        levels = cv2.cvtColor(levels, GREY_CODES[channel_order])
    quantiles, scale = _poisson_quantiles(photons), np.float32(scale)
    columns = _random_integers(rng, levels.shape) & ((1 << _POISSON_BITS) - 1)
    if levels.size < quantiles.size:
        noise = scale * _look_up_poisson(quantiles, levels, columns)
        noise = np.rint(noise).astype(np.int16) if image.dtype == np.uint8 else noise
    else:
        # A large image takes less time when the table holds the scaled noise, ready to add.
        table = scale * quantiles
        table = np.rint(table).astype(np.int16) if image.dtype == np.uint8 else table
        noise = _look_up_poisson(table, levels, columns)
    return _add(image, _spread(noise) if grey else noise)


def _add(image: np.ndarray, noise: np.ndarray) -> np.ndarray:
    if image.dtype == np.uint8:
        return cv2.add(image, noise, dtype=cv2.CV_8U)
    return (image + noise).clip(0, 255)


def add_noise(
    image: np.ndarray, params: NoiseParams, rng: np.random.Generator, *, channel_order: str = 'bgr'
) -> np.ndarray:
    """Add the noise that the parameters name; arguments as in the two functions above."""
    if params.kind == 'gaussian':
        return add_gaussian_noise(image, params.strength, grey=params.grey, rng=rng)
    return add_poisson_noise(
        image, params.strength, grey=params.grey, rng=rng, channel_order=channel_order
    )
