"""What frames are rated by, on made-up pictures of known energy, noise and grid."""

import numpy as np
import pytest
import torch

from vsd_mot.models.semantics.quality_measures import (
    BLOCK,
    OCTAVES,
    blockiness,
    flat_energies,
    grey_strips,
    haar_blocks,
    information,
    noise_variance,
)
from vsd_samples import as_tensor, photograph

NOISE = dict(texture_growth=(4.0, 3.0, 3.0), clean_energy=(0.0, 0.0, 0.0), hidden_share=0.5)


def strips(height=64, width=96, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return 255 * torch.rand(1, height // BLOCK, BLOCK, width, generator=generator).double()


def test_grey_is_weighted_and_strips_spread_over_a_large_frame():
    frame = torch.zeros(1, 3, 64, 40, dtype=torch.uint8)
    frame[:, 0], frame[:, 1], frame[:, 2] = 10, 20, 30
    whole = grey_strips(frame, max_pixels=10**6)
    assert whole.shape == (1, 4, BLOCK, 32)
    torch.testing.assert_close(whole, torch.full_like(whole, 0.299 * 10 + 0.587 * 20 + 0.114 * 30))
    assert grey_strips(frame, max_pixels=64 * 40 // 2).shape == (1, 2, BLOCK, 32)
    assert grey_strips(frame[..., :5, :3], max_pixels=100).shape == (1, 1, BLOCK, BLOCK)


def test_the_transform_keeps_the_energy_of_every_block():
    grey = strips()
    bands, means = haar_blocks(grey)
    assert len(bands) == OCTAVES
    blocks = grey.unflatten(3, (-1, BLOCK)).transpose(2, 3)  # (1, s, columns, BLOCK, BLOCK)
    energy = blocks.square().sum((3, 4)).flatten(1)
    total = (BLOCK * means) ** 2
    for octave, band in enumerate(bands):
        count = (BLOCK >> (octave + 1)) ** 2
        total = total + count * (band.horizontal + band.vertical + band.diagonal)
    torch.testing.assert_close(total, energy)
    torch.testing.assert_close(means, blocks.mean((3, 4)).flatten(1))


def test_stripes_are_in_the_band_of_their_direction():
    rows = torch.zeros(1, 2, BLOCK, 32).double()
    rows[:, :, ::2] = 100
    (finest, *_), _ = haar_blocks(rows)
    assert finest.horizontal.min() > 0
    assert finest.vertical.max() == finest.diagonal.max() == 0
    (finest, *_), _ = haar_blocks(rows[:, :, :, :BLOCK].transpose(2, 3))
    assert finest.vertical.min() > 0
    assert finest.horizontal.max() == finest.diagonal.max() == 0


@pytest.mark.parametrize('sigma', [3.0, 10.0])
def test_white_noise_is_measured_in_all_octaves(sigma):
    rng = np.random.default_rng(0)
    grey = torch.from_numpy(128 + sigma * rng.standard_normal((1, 40, BLOCK, 640)))
    bands, means = haar_blocks(grey)
    flat = flat_energies(bands, means, share=1.0)
    measured = noise_variance(flat, **NOISE)
    assert measured.shape == (1, 3)
    # 102400 / 4 coefficients of the finest octave: 1 % of spread.
    assert flat[0].item() == pytest.approx(sigma**2, rel=0.05)
    assert (measured[0] > 0.8 * sigma**2).all()


def test_clipped_blocks_are_left_out():
    grey = 128 + 0.1 * (strips() - 128)  # noise of a standard deviation of 7
    bands, means = haar_blocks(grey)
    noisy = flat_energies(bands, means, share=1.0)[0]
    grey[..., :48] = 255.0  # flatter than all else, and of no noise
    bands, means = haar_blocks(grey)
    assert flat_energies(bands, means, share=0.5)[0] > 0.7 * noisy


def test_information_is_what_rises_above_the_noise():
    noise = torch.tensor([[4.0, 4.0, 4.0]]).double()
    energies = [torch.full((1, 6), value).double() for value in (4.0, 8.0 + 2.0, 3.0)]
    bits = information(energies, noise, (1.0, 2.0, 5.0), visible_energy=2.0)
    assert bits.item() == pytest.approx(2.0 * np.log2(1 + 6 / 6) / 2)


def test_the_grid_of_jpeg_shows_and_other_steps_do_not():
    generator = torch.Generator().manual_seed(0)
    smooth = 10 * torch.rand(1, 3, BLOCK, 96, generator=generator).double() + 100
    blocks = 40 * torch.rand(1, 3, 2, 12, generator=generator).double()
    blocky = smooth + blocks.repeat_interleave(8, 2).repeat_interleave(8, 3)
    steps = 40 * torch.rand(1, 3, 4, 24, generator=generator).double()
    by_four = smooth + steps.repeat_interleave(4, 2).repeat_interleave(4, 3)  # as interpolation has
    assert blockiness(blocky) > 1
    assert blockiness(smooth) < 0.3
    assert blockiness(by_four) < 0.5
    grey = grey_strips(as_tensor(photograph('coffee.png'))[None], 10**6)
    assert 0 <= blockiness(grey).item() < 0.3
