"""Noise by tables and by torch has the distribution that it is named after."""

import numpy as np
import pytest
import torch
from scipy import stats

from vsd_mot.degradation import (
    NoiseParams,
    torch_backend,
)
from vsd_mot.degradation.noise import add_noise


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
