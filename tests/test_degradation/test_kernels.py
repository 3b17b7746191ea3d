"""The kernels: widths, forms, symmetry, and what their short forms leave out."""

import numpy as np
import pytest

from vsd_mot.degradation import (
    KernelParams,
    gaussian_kernel,
    plateau_kernel,
    sinc_kernel,
)
from vsd_mot.degradation.kernels import separate, trim
from vsd_mot.degradation.settings import KERNEL_PROBS


def second_moments(kernel):
    offset = np.arange(len(kernel)) - len(kernel) // 2
    return (kernel.sum(0) * offset**2).sum(), (kernel.sum(1) * offset**2).sum()


def test_gaussian_kernel_has_its_widths():
    x, y = second_moments(gaussian_kernel(21, 2.0, sigma_y=1.0))
    assert x == pytest.approx(4, rel=0.01)
    assert y == pytest.approx(1, rel=0.01)


def test_rotation_by_a_right_angle_swaps_the_axes():
    turned = gaussian_kernel(15, 2.0, sigma_y=0.8, theta=np.pi / 2)
    np.testing.assert_allclose(turned, gaussian_kernel(15, 2.0, sigma_y=0.8).T, atol=1e-6)


def test_generalised_and_plateau_forms():
    centre_row = slice(10, None)
    peaked = gaussian_kernel(21, 2.0, beta=0.5)[10, centre_row]
    flat = gaussian_kernel(21, 2.0, beta=4.0)[10, centre_row]
    # exp(-r/2) falls by the same factor per sigma, exp(-r^8/2) is flat, then gone
    assert peaked[2] / peaked[0] == pytest.approx(np.exp(-0.5), rel=1e-4)
    assert flat[1] / flat[0] > 0.99
    assert flat[4] / flat[0] < 1e-4
    plateau = plateau_kernel(21, 2.0, beta=1.5)[10, centre_row]
    assert plateau[2] / plateau[0] == pytest.approx(0.5, rel=1e-5)
    assert plateau[4] / plateau[0] == pytest.approx(1 / 9, rel=1e-4)


def test_sinc_kernel_passes_below_and_stops_above_its_cutoff():
    response = np.abs(np.fft.fft2(sinc_kernel(21, np.pi / 2), (256, 256)))[0]
    frequency = np.arange(256) / 256 * 2 * np.pi
    assert response[frequency < np.pi / 4].min() > 0.9
    assert response[(frequency > 0.75 * np.pi) & (frequency <= np.pi)].max() < 0.1
    assert sinc_kernel(21, np.pi / 2).min() < 0  # it rings


@pytest.mark.parametrize('form', [*KERNEL_PROBS, 'sinc'])
def test_kernels_are_normalised_and_symmetric(form):
    kernel = KernelParams(form, 13, 2.0, 1.0, 0.4, 0.7, cutoff=2.0).build()
    assert kernel.shape == (13, 13)
    assert kernel.dtype == np.float32
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-6)


def test_trim_and_separate_change_nothing_visible():
    kernel = gaussian_kernel(21, 0.8)
    small = trim(kernel)
    assert small.shape[0] < 21
    assert small.sum() == pytest.approx(1, abs=1e-6)
    column, row = separate(small)
    np.testing.assert_allclose(np.outer(column, row), small, atol=1e-6)
    assert trim(gaussian_kernel(21, 0.2)).shape == (1, 1)
    assert separate(gaussian_kernel(21, 3.0, sigma_y=1.0, theta=0.7)) is None
