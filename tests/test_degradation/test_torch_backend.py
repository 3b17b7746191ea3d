"""The torch form agrees with the numpy form, step by step and as a whole."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy import stats

from degradation_samples import psnr, to_tensor
from vsd_mot.degradation import (
    KernelParams,
    VideoDegradation,
    numpy_backend,
    torch_backend,
)

DEVICES = ['cpu', *(['cuda'] if torch.cuda.is_available() else [])]


def test_blur_agrees(photo):
    for params in (
        KernelParams('iso', 21, 2.2, 2.2),
        KernelParams('aniso', 15, 2.5, 0.7, 0.6),
        KernelParams('plateau_aniso', 21, 2.5, 1.7, 0.6, 1.5),
        KernelParams('sinc', 21, cutoff=1.3),
    ):
        a = numpy_backend.blur(photo, params)
        b = torch_backend.blur(to_tensor(photo).float(), params).permute(1, 2, 0).numpy()
        assert np.abs(a - b).max() <= 1, params.form
        assert np.abs(a - b).mean() < 0.3, params.form  # rounding
    assert numpy_backend.blur(photo, None) is photo


def test_blur_leaves_the_spectrum_of_its_kernel():
    """White noise comes out with the kernel's transfer function, in both forms."""
    params = KernelParams('generalised_aniso', 21, 2.0, 1.0, 0.5, 0.8)
    noise = np.random.default_rng(0).normal(128, 30, (256, 256, 3)).clip(0, 255).astype(np.float32)
    transfer = np.abs(np.fft.fft2(params.build(), (256, 256))) ** 2
    given = np.abs(np.fft.fft2(noise - noise.mean((0, 1)), axes=(0, 1))) ** 2
    for result in (
        numpy_backend.blur(noise, params),
        torch_backend.blur(to_tensor(noise), params).permute(1, 2, 0).numpy(),
    ):
        power = np.abs(np.fft.fft2(result - result.mean((0, 1)), axes=(0, 1))) ** 2
        found, expected = power.mean(2), given.mean(2) * transfer
        bands = np.hypot(*np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256)))
        for low, high in ((0.01, 0.05), (0.05, 0.1), (0.1, 0.2)):
            band = (bands >= low) & (bands < high)
            assert found[band].sum() == pytest.approx(expected[band].sum(), rel=0.1), low


def statistics(image):
    """Moments and band powers of an image, in decibels where they are powers."""
    grey = image.astype(float).mean(2)
    power = np.abs(np.fft.fft2(grey - grey.mean())) ** 2 / grey.size
    bands = np.hypot(*np.meshgrid(np.fft.fftfreq(grey.shape[0]), np.fft.fftfreq(grey.shape[1])))
    bands = bands.T
    edges = (0.01, 0.06, 0.15, 0.3, 0.5)
    levels = [
        10 * np.log10(power[(bands >= a) & (bands < b)].mean() + 1e-3) for a, b in pairwise(edges)
    ]
    return np.array([grey.mean(), grey.std(), *levels])


@pytest.mark.parametrize('device', DEVICES)
def test_both_forms_agree_in_distribution(photo, device):
    """Over 30 cameras: moments, spectra and loss of quality of the results."""
    gaps, losses = [], []
    for seed in range(30):
        camera = VideoDegradation('v', seed)
        a = camera(photo, 0)
        b = camera.tensor(to_tensor(photo)[None].to(device), [0])[0]
        b = b.cpu().permute(1, 2, 0).numpy()
        gaps.append(statistics(a) - statistics(b))
        losses.append((psnr(photo, a), psnr(photo, b)))
    gaps = np.array(gaps)
    assert np.abs(gaps[:, :2]).max() < 2.0  # mean and contrast, grey levels
    assert np.abs(gaps[:, 2:].mean(0)).max() < 0.25  # no bias of any band, dB
    assert np.abs(gaps[:, 2:]).mean() < 0.5
    losses = np.array(losses)
    assert np.abs(losses[:, 0] - losses[:, 1]).max() < 0.6
    assert stats.ks_2samp(losses[:, 0], losses[:, 1]).pvalue > 0.5


def test_tensor_batches_are_reproducible_and_independent_of_the_batch(photo):
    camera = VideoDegradation('v', 8)
    batch = to_tensor(photo)[None].repeat(3, 1, 1, 1)
    together = camera.tensor(batch, [4, 5, 6])
    torch.testing.assert_close(camera.tensor(batch[:1], [5])[0], together[1])
    assert not torch.equal(together[0], together[1])
    floats = camera.tensor(batch.float(), [4, 5, 6])
    assert floats.dtype == torch.float32
    assert (floats - together.float()).abs().max() <= 0.5
