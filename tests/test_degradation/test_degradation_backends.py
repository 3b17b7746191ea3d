"""The two forms of the degradation, numpy and torch: each step, and their agreement."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
import torch
from scipy import stats
from skimage import data

from vsd_mot.degradation import (
    KernelParams,
    NoiseParams,
    VideoDegradation,
    numpy_backend,
    torch_backend,
    torch_jpeg,
    torch_resize,
)
from vsd_mot.degradation.noise import add_noise

DEVICES = ['cpu', *(['cuda'] if torch.cuda.is_available() else [])]


@pytest.fixture(scope='module')
def photo():
    """A photograph, (160, 208, 3) uint8 BGR."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(image[:400], (208, 160), interpolation=cv2.INTER_AREA)


def to_tensor(image):
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


# --- noise: the distributions ------------------------------------------------------------------


def noise_of(kind, level, strength, grey, backend):
    params = NoiseParams(kind, strength, grey)
    if backend == 'torch':
        image = torch.full((3, 300, 300), float(level))
        result = torch_backend.add_noise(image, params, torch.Generator().manual_seed(1))
        return result.permute(1, 2, 0).numpy() - level
    dtype = np.uint8 if backend == 'uint8' else np.float32
    image = np.full((300, 300, 3), level, dtype)
    return add_noise(image, params, np.random.default_rng(1)).astype(float) - level


@pytest.mark.parametrize('backend', ['uint8', 'float32', 'torch'])
@pytest.mark.parametrize('grey', [False, True])
def test_gaussian_noise_is_gaussian(backend, grey):
    noise = noise_of('gaussian', 128, 20, grey, backend)
    assert noise.mean() == pytest.approx(0, abs=0.25)
    assert noise.std() == pytest.approx(20, rel=0.01)
    sample = noise[..., 0].ravel()
    assert stats.kurtosis(sample) == pytest.approx(0, abs=0.06)
    assert stats.skew(sample) == pytest.approx(0, abs=0.03)
    assert np.abs(sample).max() > 75  # the tails are there
    correlation = np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1]
    assert correlation == pytest.approx(1 if grey else 0, abs=0.02)
    shifted = np.corrcoef(noise[:, 1:, 0].ravel(), noise[:, :-1, 0].ravel())[0, 1]
    assert shifted == pytest.approx(0, abs=0.02)  # white


@pytest.mark.parametrize('backend', ['uint8', 'float32', 'torch'])
@pytest.mark.parametrize('level', [3, 60, 180])
def test_poisson_noise_is_poisson(backend, level):
    noise = noise_of('poisson', level, 1.0, False, backend)
    mean = level * 256 / 255
    if backend != 'uint8':
        # Whole counts, exactly distributed (chi-square against the Poisson law).
        counts = np.rint(noise / 255 * 256 + mean).astype(int).ravel()
        edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 25), mean)).astype(int)
        found = np.histogram(counts, [-1, *(edges + 0.5), 10**6])[0]
        expected = np.diff(stats.poisson.cdf([-1, *edges, 10**6], mean)) * counts.size
        assert np.abs(found - expected).max() < 5 * np.sqrt(counts.size / 4) * 0.5
    # Counts are spaced by 0.996 grey levels, so rounding them to uint8 shifts the mean a little.
    assert noise.mean() == pytest.approx(0, abs=0.5 if backend == 'uint8' else 0.1)
    assert noise.std() == pytest.approx(np.sqrt(mean) * 255 / 256, rel=0.03)
    if level >= 60:
        assert stats.skew(noise.ravel()) == pytest.approx(1 / np.sqrt(mean), abs=0.03)


def test_poisson_noise_scales_and_grey_is_shared():
    weak, strong = (noise_of('poisson', 120, s, True, 'uint8') for s in (0.5, 2.0))
    assert strong.std() / weak.std() == pytest.approx(4, rel=0.03)
    np.testing.assert_array_equal(strong[..., 0], strong[..., 2])


# --- the two forms agree -----------------------------------------------------------------------


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


@pytest.mark.parametrize('interpolation', ['area', 'bilinear', 'bicubic'])
@pytest.mark.parametrize('size', [(80, 104), (51, 77), (23, 31), (223, 290), (160, 208)])
def test_resizes_agree(photo, interpolation, size):
    a = numpy_backend.resize(photo, size, interpolation).astype(float)
    b = torch_resize.resize(to_tensor(photo).float(), size, interpolation)
    b = b.permute(1, 2, 0).numpy()
    assert a.shape == (*size, 3)
    assert np.abs(a - b).max() <= 2
    assert np.abs(a - b).mean() < 0.5


@pytest.mark.parametrize('quality', [30, 49, 75, 95])
@pytest.mark.parametrize('crop', [(160, 208), (151, 199)])
def test_jpeg_agrees(photo, quality, crop):
    image = np.ascontiguousarray(photo[: crop[0], : crop[1]])
    a = numpy_backend.jpeg(image, quality)
    b = torch_jpeg.jpeg(to_tensor(image).float(), quality).permute(1, 2, 0).numpy()
    assert psnr(a, b) > 38
    assert psnr(image, b) == pytest.approx(psnr(image, a), abs=0.1)


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
