"""Blur kernels of the Real-ESRGAN degradation: Gaussian, generalised, plateau and sinc.

All functions return a float32 array of shape (size, size) that sums to 1.
"""

from __future__ import annotations

import numpy as np
from scipy import special


def _offsets(size: int) -> tuple[np.ndarray, np.ndarray]:
    half = (size - 1) / 2
    rows, columns = np.mgrid[:size, :size]
    return columns - half, rows - half


def _squared_radius(size: int, *, sigma_x: float, sigma_y: float, theta: float) -> np.ndarray:
    """Squared Mahalanobis radius of each cell; the axes are turned by ``theta`` radians."""
    x, y = _offsets(size)
    along = np.cos(theta) * x + np.sin(theta) * y
    across = -np.sin(theta) * x + np.cos(theta) * y
    return (along / sigma_x) ** 2 + (across / sigma_y) ** 2


def _normalised(kernel: np.ndarray) -> np.ndarray:
    return (kernel / kernel.sum()).astype(np.float32)


def gaussian_kernel(
    size: int,
    sigma_x: float,
    *,
    sigma_y: float | None = None,
    theta: float = 0.0,
    beta: float = 1.0,
) -> np.ndarray:
    """Gaussian ``exp(-r^2/2)``, or with ``beta != 1`` the generalised one ``exp(-r^(2 beta)/2)``.

    Args:
        size: Odd number of rows and columns.
        sigma_x: Standard deviation along the first axis, in pixels; raising it blurs more.
        sigma_y: Along the second axis; None means isotropic. Raising it blurs more.
        theta: Rotation in radians.
        beta: Shape; below 1 peaked with heavy tails, above 1 flat.

    Returns:
        Kernel of shape (size, size).
    """
    radius = _squared_radius(size, sigma_x=sigma_x, sigma_y=sigma_y or sigma_x, theta=theta)
    return _normalised(np.exp(-0.5 * radius**beta))


def plateau_kernel(
    size: int,
    sigma_x: float,
    *,
    sigma_y: float | None = None,
    theta: float = 0.0,
    beta: float = 1.0,
) -> np.ndarray:
    """Plateau ``1 / (1 + r^(2 beta))``; the arguments are those of :func:`gaussian_kernel`."""
    radius = _squared_radius(size, sigma_x=sigma_x, sigma_y=sigma_y or sigma_x, theta=theta)
    return _normalised(1 / (1 + radius**beta))


def sinc_kernel(size: int, cutoff: float) -> np.ndarray:
    """Circular low-pass (jinc) filter, whose cut-off makes ringing and overshoot.

    Args:
        size: Odd number of rows and columns.
        cutoff: Cut-off frequency in radians per pixel, in (0, pi]. Lowering it blurs more, with
            wider ringing.

    Returns:
        Kernel of shape (size, size).
    """
    radius = np.hypot(*_offsets(size))
    centre = (size - 1) // 2
    radius[centre, centre] = 1.0  # the limit there is set below
    kernel = cutoff * special.j1(cutoff * radius) / (2 * np.pi * radius)
    kernel[centre, centre] = cutoff**2 / (4 * np.pi)
    return _normalised(kernel)


def trim(kernel: np.ndarray, *, weight: float = 1e-4) -> np.ndarray:
    """Cut off rims of a kernel that weigh next to nothing, equally on all sides.

    Args:
        kernel: Kernel of shape (k, k), k odd.
        weight: Greatest share of the kernel that is cut off. Raising it is faster and changes the
            image more: a share of 1e-4 is at most a fortieth of a grey level.

    Returns:
        Kernel of shape (m, m), m <= k odd, summing to 1; (1, 1) means "no blur".
    """
    size = kernel.shape[0]
    total = np.abs(kernel).sum()
    for margin in range((size - 1) // 2, 0, -1):
        inner = kernel[margin : size - margin, margin : size - margin]
        if total - np.abs(inner).sum() < weight:
            return inner / inner.sum()
    return kernel


def separate(
    kernel: np.ndarray, *, tolerance: float = 1e-6
) -> tuple[np.ndarray, np.ndarray] | None:
    """Write a kernel as ``outer(column, row)`` where that is exact, else None.

    Args:
        kernel: Kernel of shape (k, k).
        tolerance: Greatest second singular value, as a share of the first. Raising it takes more
            kernels for separable, which is faster and less exact: 1e-6 makes an error below a
            thousandth of a grey level.

    Returns:
        Column and row filters of shape (k,).
    """
    left, values, right = np.linalg.svd(kernel.astype(np.float64))
    if len(values) > 1 and values[1] > tolerance * values[0]:
        return None
    # Both filters get the sign and the scale that make each sum to 1.
    column, row = left[:, 0] / left[:, 0].sum(), right[0] / right[0].sum()
    return column.astype(np.float32), row.astype(np.float32)
