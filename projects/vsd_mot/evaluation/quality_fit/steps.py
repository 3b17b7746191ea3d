"""Steps of degradation: each picture is worse than the one it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ...degradation.numpy_backend import jpeg

Degrade = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def _rounded(image: np.ndarray) -> np.ndarray:
    return np.rint(image).clip(0, 255).astype(np.uint8)


def _blur(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    return cv2.GaussianBlur(image, (0, 0), sigma)


def _motion(image: np.ndarray, length: float, rng: np.random.Generator) -> np.ndarray:
    """Blur along a line: horizontal, vertical or diagonal."""
    size = int(length) | 1
    kernel = np.zeros((size, size), np.float32)
    direction = int(rng.integers(3))
    if direction == 0:
        kernel[size // 2] = 1
    elif direction == 1:
        kernel[:, size // 2] = 1
    else:
        kernel[np.arange(size), np.arange(size)] = 1
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT_101)


def _noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    return _rounded(image + sigma * rng.standard_normal((*image.shape[:2], 1), np.float32))


def _colour_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add noise of colour alone: the grey value stays."""
    noise = sigma * rng.standard_normal(image.shape, np.float32)
    grey = noise @ np.array([0.114, 0.587, 0.299], np.float32)
    return _rounded(image + noise - grey[..., None])


def _grain(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add noise of grains of three pixels."""
    height, width = image.shape[:2]
    coarse = rng.standard_normal((height // 3 + 1, width // 3 + 1), np.float32)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return _rounded(image + (sigma / fine.std() * fine)[..., None])


def _jpeg(image: np.ndarray, quality: float, rng: np.random.Generator) -> np.ndarray:
    return jpeg(image, int(quality))


def _downscale(image: np.ndarray, factor: float, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def _contrast(image: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    mean = float(image.mean())
    return _rounded(mean + share * (image.astype(np.float32) - mean))


def _dark(image: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return _rounded(share * image.astype(np.float32))


@dataclass(frozen=True)
class Kind:
    """A kind of degradation.

    Attributes:
        degrade: Does it to a picture (H, W, 3) uint8 BGR, by a level.
        levels: Milder first; each is applied to the picture as it was.
        after: The level at which it comes after another kind, or before one.
    """

    degrade: Degrade
    levels: tuple[float, ...]
    after: float


KINDS: dict[str, Kind] = {
    'blur': Kind(_blur, (1.0, 1.7, 2.8, 4.5), 2.5),
    'motion': Kind(_motion, (9, 15, 31), 21),
    'noise': Kind(_noise, (5, 10, 20, 40), 14),
    'colour noise': Kind(_colour_noise, (8, 16, 32), 20),
    'grain': Kind(_grain, (5, 10, 20), 12),
    'jpeg': Kind(_jpeg, (60, 35, 18, 8), 25),
    'downscaling': Kind(_downscale, (1.6, 2.4, 4.0), 3.0),
    'contrast': Kind(_contrast, (0.7, 0.5, 0.3), 0.5),
    'darkness': Kind(_dark, (0.7, 0.45, 0.25), 0.45),
}


@dataclass(frozen=True)
class Step:
    """A picture that is worse than another one.

    Attributes:
        kind: What was done to it, such as 'noise' or 'noise, jpeg'.
        before: Number of the better picture.
        after: Number of the worse one.
    """

    kind: str
    before: int
    after: int


def degraded_pictures(
    image: np.ndarray, seed: int = 0
) -> Iterator[tuple[np.ndarray, Step | None, float]]:
    """Degrade a picture by each kind alone, in steps, and by each kind after each other.

    Args:
        image: (H, W, 3) uint8 BGR.
        seed: Of the noise and directions.

    Yields:
        The picture, the step that led to it (None for the picture itself, number 0), and how good
        it is on a rough common scale: 1 as it was, 0.8, 0.6 ... by level, less after another kind.
    """
    yield image, None, 1.0
    number, middle = 0, {}
    for name, kind in KINDS.items():
        before = 0
        for level, strength in enumerate(kind.levels, start=1):
            number += 1
            picture = kind.degrade(image, strength, _rng(seed, name))
            yield picture, Step(name, before, number), 1 - 0.8 * level / len(kind.levels)
            before = number
        number += 1
        middle[name] = (number, kind.degrade(image, kind.after, _rng(seed, name)))
        yield middle[name][1], Step(name, 0, number), 0.5
    for first, (before, picture) in middle.items():
        for name, kind in KINDS.items():
            if name != first:
                number += 1
                worse = kind.degrade(picture, kind.after, _rng(seed, f'{first}, {name}'))
                yield worse, Step(f'{first}, {name}', before, number), 0.25


def _rng(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode()])
