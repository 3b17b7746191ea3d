"""Random streams that depend on (seed, video, purpose, index) and on nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from scipy import special

from ..mot_layout import sequence_around


def stream(seed: int, video: str, purpose: str, *, index: int = 0) -> np.random.Generator:
    """Make a generator for one purpose: the same on every machine, in every order and worker.

    Args:
        seed: Non-negative seed of the whole set.
        video: Name of the video.
        purpose: What the numbers are for, as 'camera' or 'noise'.
        index: Frame number, or another count.

    Raises:
        ValueError: If the seed is negative.
    """
    return np.random.Generator(np.random.PCG64(_entropy(seed, video, purpose, index=index)))


def torch_seed(seed: int, video: str, purpose: str, *, index: int = 0) -> int:
    """Return a 63-bit seed for ``torch.Generator.manual_seed``; arguments as :func:`stream`."""
    return _entropy(seed, video, purpose, index=index) & (2**63 - 1)


def _entropy(seed: int, video: str, purpose: str, *, index: int) -> int:
    if seed < 0:
        raise ValueError(f'the degradation seed must not be negative, but is {seed}')
    # hash() changes from process to process; a digest does not.
    text = f'{int(seed)}\0{video}\0{purpose}\0{int(index)}'
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], 'little')


def normal(rng: np.random.Generator, size: int | None = None) -> np.ndarray | float:
    """Return standard normal numbers by the inverse CDF, so that one draw is always one step."""
    # random() lies in [0, 1): the shift keeps 0 out.
    return special.ndtri(rng.random(size) * (1 - 2**-52) + 2**-53)


def cdf(value: np.ndarray | float) -> np.ndarray | float:
    """Return standard normal CDF, the inverse of :func:`normal`'s mapping."""
    return special.ndtr(value)


def video_name(path: str) -> str:
    """Name of a frame's video: that of the sequence around its folder, or of that folder."""
    return sequence_around(Path(path).parent).name
